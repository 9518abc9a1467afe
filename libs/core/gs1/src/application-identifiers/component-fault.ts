/** A fault of a component: GS1's name of it (GS1 Syntax Tests), the position of its first character, what to send. */
export interface ComponentFault {
  readonly fault: string;
  readonly at: number;
  readonly fix: string;
}
