const WIDTH = 24;
const REPAINT_MS = 100;
const LINE_MS = 5000;

/** Progress of counted work on stderr: a bar on a terminal, a line every five seconds elsewhere. */
export class ProgressBar {
  #painted = 0;
  readonly #began = Date.now();
  readonly #live = process.stderr.isTTY === true;

  readonly #label: string;
  readonly #total: number;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  /** `done` of the total; `note` is shown behind, such as what the work waits for. */
  show(done: number, note = ""): void {
    const now = Date.now();
    if (now - this.#painted < (this.#live ? REPAINT_MS : LINE_MS)) return;
    this.#painted = now;
    this.#write(done, note);
  }

  end(done: number): void {
    if (this.#painted) this.#write(done, "");
    if (this.#live) process.stderr.write("\n");
  }

  #write(done: number, note: string): void {
    const seconds = (Date.now() - this.#began) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    const left = rate > 0 ? Math.ceil((this.#total - done) / rate) : 0;
    const text = `${this.#label} ${done}/${this.#total}, ${rate.toFixed(0)}/s, ${left} s left${note && `, ${note}`}`;
    const full = Math.round((WIDTH * done) / Math.max(this.#total, 1));
    const bar = `[${"=".repeat(full)}${" ".repeat(WIDTH - full)}] `;
    process.stderr.write(this.#live ? `\r\x1b[K${bar}${text}` : `${text}\n`);
  }
}
