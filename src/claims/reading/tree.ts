/** What the parser gives for an element: its text, its children by name, or several of either. */
export type Node = string | Children | readonly Node[];
export interface Children {
  readonly [name: string]: Node;
}
