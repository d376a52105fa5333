import { printable } from "../../lib/printable.ts";

const LINES = 12;

/** What a run is told to others as: each step with its seconds and its last lines, without a secret and without this computer's names. */
export class Transcript {
  private readonly entries: string[] = [];
  private readonly hidden = new Map<string, string>();
  private part = "";

  /** A value that stands in no transcript, and what stands in its place. */
  hide(value: string, as: string): void {
    if (value) this.hidden.set(value, as);
  }

  /** A heading of the page. */
  begin(part: string): void {
    if (part === this.part) return;
    this.part = part;
    this.entries.push(`\n## ${part}\n`);
  }

  visit(number: number, what: string): void {
    this.entries.push(`${number}. page: ${what}`);
  }

  /** A command of the page, how it was typed, how long it took and how it ended. */
  command(number: number, typed: string, seconds: number, output: string): void {
    const lines = output
      .split("\n")
      .filter((line) => line.trim() && !/^\[ +[\d.]+ s\]|^for this run:/.test(line));
    const kept = lines.length > LINES ? ["…", ...lines.slice(-LINES)] : lines;
    const shown = kept.map((line) => `    ${line}`.trimEnd()).join("\n");
    this.entries.push(`${number}. $ ${typed}   (${seconds.toFixed(1)} s)${shown ? `\n${shown}` : ""}`);
  }

  /** What is neither typed nor visited. */
  note(text: string): void {
    this.entries.push(`   ${text}`);
  }

  toString(): string {
    const values = [...this.hidden].sort(([a], [b]) => b.length - a.length);
    const text = this.entries.join("\n");
    return printable(values.reduce((all, [value, as]) => all.replaceAll(value, as), text));
  }
}
