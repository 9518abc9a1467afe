/** A fault of a component: GS1's name (GS1 Syntax Tests), the index of its first character, and the correction. */
export interface ComponentFault {
  readonly fault: string;
  readonly at: number;
  readonly fix: string;
}
