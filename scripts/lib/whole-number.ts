import { InvalidArgumentError } from "commander";

/** A parser of whole numbers within bounds, for commander. */
export const wholeNumber =
  (fewest: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= fewest && number <= most) return number;
    throw new InvalidArgumentError(`a whole number from ${fewest} to ${most} is allowed`);
  };
