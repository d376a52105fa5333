import { answersOf } from "./answers.ts";

// Run in a copy of the checkout: what its files of config/ say, as init reads them.
console.log(JSON.stringify(answersOf()));
