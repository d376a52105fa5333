/**
 * Stands for the archiver that cdktf loads at every start to zip assets. No stack has any, and a bundle could not zip:
 * cdktf starts a copy of its own file for that.
 */
const noArchiver = (): never => {
  throw new Error("a bundle cannot zip assets: scripts/run.mjs leaves the archiver out");
};

export { noArchiver as "module.exports" };
