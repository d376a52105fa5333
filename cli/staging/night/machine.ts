/** What a night asks of the machine. Each may be asked again after a kill; none knows the cloud. */
export interface HibernationMachine {
  /** Reads only. */
  look(): Promise<MachineState>;
  /** A backup that has been read back; its snapshot id. */
  backup(): Promise<string>;
  /** Stops the software cleanly, records what must be the same tomorrow, unmounts the volume. Nothing to do when done already. */
  rest(): Promise<void>;
  /** From a rest whose machine was kept (or whose delete was called off): mounts, starts, waits for health, compares. */
  resume(): Promise<ResumeReport>;
  /** On a machine made anew on the old volume: waits for the first boot, releases what served before the rest, compares. */
  rise(): Promise<ResumeReport>;
  close(): Promise<void>;
}

/** How the machine is. */
export interface MachineState {
  /** blank: made anew, nothing released yet. resting: stopped as it should be, the volume let go. */
  readonly is: "serving" | "unwell" | "resting" | "blank";
  /** A rest was killed half-way: rest again, or resume. The machine is unwell until then. */
  readonly isCutShort?: true;
  /** What serves, or served before the rest. */
  readonly release?: string;
  /** Hash of its bundle, as `olympus soak` prints it. */
  readonly contents?: string;
  /** Until when somebody wants it awake; absent once that is over. */
  readonly awakeUntil?: Date;
  readonly problems: readonly string[];
}

/** A machine that serves again. */
export interface ResumeReport {
  readonly release: string;
  /** What differs from the record of the rest; empty when the data is the same. */
  readonly differences: readonly string[];
  /** The last backup before the rest. */
  readonly snapshot?: string;
  readonly took: readonly (readonly [step: string, ms: number])[];
}
