/** The built-in reference: what each event, argument, flag, errno and taint means. Data, with a source for each entry. */

export interface ReferenceArgument {
  readonly name: string;
  readonly type: string;
  readonly origin: 'K' | 'U';
  readonly toctou: boolean;
  readonly optional: boolean;
  readonly description: string;
  /** Where the seed page and the kernel differ: what the kernel does. */
  readonly difference?: string;
  readonly flags?: readonly ReferenceFlag[];
}

export interface ReferenceFlag {
  readonly name: string;
  readonly value: number;
  readonly description: string;
  readonly source: string;
}

export interface ReferenceErrno {
  readonly name: string;
  readonly number: number;
  /** What it means when this call returns it. */
  readonly meaning: string;
  readonly source: string;
}

export interface ReferenceEvent {
  readonly name: string;
  readonly title: string;
  readonly intro: string;
  readonly description: readonly string[];
  readonly arguments: readonly ReferenceArgument[];
  readonly hooks: readonly { readonly name: string; readonly type: string; readonly purpose: string }[];
  readonly useCase: string;
  readonly issues: string;
  readonly related: readonly string[];
  readonly errnos: readonly ReferenceErrno[];
  readonly source: string;
}

export interface ReferenceTag {
  readonly tag: 'K' | 'U' | 'TOCTOU' | 'OPT';
  readonly meaning: string;
}

export interface ReferenceTaint {
  readonly bit: number;
  readonly letter: string;
  readonly name: string;
  readonly meaning: string;
  readonly source: string;
}

export interface Reference {
  readonly events: readonly ReferenceEvent[];
  readonly tags: readonly ReferenceTag[];
  readonly taints: readonly ReferenceTaint[];
}
