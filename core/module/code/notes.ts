/** Well-known symbols that compilers and linkers call by themselves, in words. */

const NOTES: Readonly<Record<string, string>> = {
  __fentry__: 'entry for ftrace',
  mcount: 'entry for ftrace',
  _mcount: 'entry for ftrace',
  __x86_return_thunk: 'return',
  __stack_chk_fail: 'the stack was overwritten',
  __x86_indirect_its_thunk_array: 'indirect call',
};

/** arch/x86/lib/retpoline.S: a thunk for each register. */
const THUNK = /^__x86_indirect_(call_|jump_|its_)?thunk_(\w+)$/;

export function noteOf(symbol: string | undefined): string | undefined {
  if (symbol === undefined) return undefined;
  const thunk = THUNK.exec(symbol);
  return thunk ? `indirect ${thunk[1] === 'jump_' ? 'jump' : 'call or jump'} through ${thunk[2] ?? ''}` : NOTES[symbol];
}
