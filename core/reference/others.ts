/** Events that are not calls: what the kernel does by itself, and what the recorder says of itself. */
import type { ReferenceArgument, ReferenceEvent } from '#contract/reference.ts';

function fact(name: string, type: string, description: string, optional = false): ReferenceArgument {
  return { name, type, origin: 'K', toctou: false, optional, description };
}

const TRACE_H = 'include/trace/events/module.h';
const FORMAT = 'docs/capture-format.md';

const MODULE_FIELDS: readonly ReferenceArgument[] = [
  fact('name', 'char[56]', "The name in the module's own structure."),
  fact('address', 'struct module *', 'Where that structure lies; load and free of one module carry the same.'),
  fact('taints', 'unsigned long', 'What the kernel found to hold against this module: out of tree, unsigned, forced.'),
  fact('version', 'const char *', 'What MODULE_VERSION says.', true),
  fact('srcversion', 'const char *', "A checksum over the module's sources.", true),
  fact('signatureOk', 'bool', 'Whether the kernel verified a signature.', true),
  fact('size', 'unsigned int', 'Bytes that stay after init.'),
  fact('initSize', 'unsigned int', 'Bytes that init needs and that are freed after it.', true),
];

const SAME_UNSKIPPED = 'the same where programs on tracepoints may be skipped';

export const OTHER_REFERENCES: readonly ReferenceEvent[] = [
  {
    name: 'module_load',
    title: 'module_load: the kernel accepted a module',
    intro: 'The image passed all checks and is laid out in memory; its init function runs next.',
    description: ['By itself it does not mean success: a module_free in the same call says that init ran and failed.'],
    arguments: MODULE_FIELDS,
    hooks: [
      { name: 'module_load', type: 'raw tracepoint', purpose: "the kernel's own word that code entered it" },
      { name: 'do_init_module', type: 'kprobe', purpose: SAME_UNSKIPPED },
    ],
    useCase: 'Confirm that a call that returned 0 did load something.',
    issues: 'A load without a call, or a success without a load, is a contradiction worth a look.',
    related: ['finit_module', 'init_module', 'module_free'],
    errnos: [],
    source: TRACE_H,
  },
  {
    name: 'module_free',
    title: "module_free: a module's memory is given back",
    intro: 'A module leaves the kernel: it was removed, or its init failed.',
    description: ['Within a delete_module call it confirms the removal; within a load it says that init failed.'],
    arguments: MODULE_FIELDS,
    hooks: [
      { name: 'module_free', type: 'raw tracepoint', purpose: "the end of a module's life" },
      { name: 'free_module', type: 'kprobe', purpose: SAME_UNSKIPPED },
    ],
    useCase: 'Know from when to when code was in the kernel.',
    issues: 'A module that hides is not freed: its code stays.',
    related: ['delete_module', 'module_load'],
    errnos: [],
    source: TRACE_H,
  },
  {
    name: 'module_request',
    title: 'module_request: the kernel wants a module',
    intro: 'Something in the kernel needs a module and has modprobe started for it.',
    description: [
      'The process is the one that caused the need, by mounting, opening a socket or using a device; modprobe itself runs as a child of a kernel thread.',
    ],
    arguments: [
      fact('name', 'char *', 'What is asked for: a name or an alias such as "fs-xfs" or "net-pf-9".'),
      fact('wait', 'bool', 'Whether the kernel waits for modprobe.'),
      fact('caller', 'unsigned long', 'The address in the kernel that asked.'),
    ],
    hooks: [{ name: 'module_request', type: 'raw tracepoint', purpose: 'who caused an automatic load' }],
    useCase: 'Tell a load that the kernel wanted from one that a person started.',
    issues: 'An ordinary user can make the kernel load rarely used, rarely reviewed modules this way.',
    related: ['finit_module'],
    errnos: [],
    source: TRACE_H,
  },
  {
    name: 'image_read',
    title: "image_read: the kernel has read a module's bytes",
    intro: "The image is in the kernel's memory and will be checked next.",
    description: [
      'With MODULE_INIT_COMPRESSED_FILE these are the compressed bytes; some kernels report the unpacked ones a second time.',
    ],
    arguments: [
      fact('source', 'string', "read_file: from a file. load_data: from the caller's memory."),
      fact('size', 'loff_t', 'Bytes that were read.'),
    ],
    hooks: [
      { name: 'security_kernel_post_read_file', type: 'fentry or kprobe', purpose: 'bytes from a file' },
      { name: 'security_kernel_post_load_data', type: 'fentry or kprobe', purpose: 'bytes from memory' },
    ],
    useCase: 'Know that bytes were read even where the load then failed.',
    issues: 'None known.',
    related: ['finit_module', 'init_module'],
    errnos: [],
    source: 'security/security.c',
  },
  {
    name: 'capture_start',
    title: 'capture_start: the recording begins',
    intro: 'From here on calls are recorded.',
    description: [],
    arguments: [],
    hooks: [],
    useCase: 'Know what the capture can say something about.',
    issues: 'What happened before is not in the capture; the first snapshot says what was loaded.',
    related: ['capture_stop', 'snapshot'],
    errnos: [],
    source: FORMAT,
  },
  {
    name: 'capture_stop',
    title: 'capture_stop: the recording ends',
    intro: 'The recorder ended by itself, with the reason.',
    description: [],
    arguments: [],
    hooks: [],
    useCase: 'Know that the capture is whole.',
    issues: 'Where it is missing, the recorder was killed or the machine stopped.',
    related: ['capture_start'],
    errnos: [],
    source: FORMAT,
  },
  {
    name: 'loss',
    title: 'loss: records that could not be kept',
    intro: 'In this interval records were lost; the count is exact.',
    description: [
      'ring-call: whole calls. ring-return: returns of recorded calls. ring-stage: what the kernel did within calls. thread-table: calls of more threads than can be followed.',
    ],
    arguments: [fact('lost', 'u64', 'How many.'), fact('from, to', 'time', 'The interval.')],
    hooks: [],
    useCase: 'Know where the capture is blind.',
    issues: 'Nothing within the interval is proof that something did not happen.',
    related: [],
    errnos: [],
    source: FORMAT,
  },
  {
    name: 'clock',
    title: 'clock: both clocks, read together',
    intro: 'A sample of boot time and wall time; events are ordered by the first and dated by the second.',
    description: [],
    arguments: [
      fact('wall', 'time', 'Wall time.'),
      fact('uncertaintyNs', 'u64', 'Half the time that reading both took.'),
    ],
    hooks: [],
    useCase: 'See when somebody set the clock.',
    issues: 'Wall time is what the machine believed it to be.',
    related: [],
    errnos: [],
    source: FORMAT,
  },
  {
    name: 'snapshot',
    title: 'snapshot: what was loaded',
    intro: 'The loaded modules as each view shows them, so that one which is missing from a view stands out.',
    description: [],
    arguments: [fact('views', 'view[]', 'Each view that was read: its state, and how many modules it shows.', true)],
    hooks: [],
    useCase: 'The baseline before, and the state after.',
    issues: 'A module that hides is missing from one view or from all.',
    related: ['capture_start', 'capture_stop'],
    errnos: [],
    source: FORMAT,
  },
];
