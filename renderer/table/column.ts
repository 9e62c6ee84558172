/** One column of a table. */
export interface Column<Name extends string> {
  readonly name: Name;
  readonly heading: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly mono?: boolean;
  /** Cuts at the beginning: the end of a path says more. */
  readonly keepsEnd?: boolean;
}
