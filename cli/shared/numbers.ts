import { InvalidArgumentError } from "commander";

/** A parser of amounts of money to the cent, for commander. */
export const euros = (text: string): number => {
  if (/^\d{1,5}(\.\d{1,2})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("an amount such as 5.99 is allowed");
};

/** A parser of whole numbers within bounds, for commander. */
export const wholeNumber =
  (fewest: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= fewest && number <= most) return number;
    throw new InvalidArgumentError(`a whole number from ${fewest} to ${most} is allowed`);
  };
