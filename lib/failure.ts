/** Something the operator can mend: shown without a stack trace. */
export class Failure extends Error {
  override readonly name = "Failure";
}
