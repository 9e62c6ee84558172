/** The three system calls: the heart of the reference. The seed's terms, the kernel's truth. */
import type { ReferenceArgument, ReferenceErrno, ReferenceEvent } from '#contract/reference.ts';
import { errnoNumber } from './errno.ts';
import { DELETE_FLAGS, FINIT_FLAGS } from './flags.ts';

const MAIN_C = 'kernel/module/main.c';
const LOAD_MAN = 'init_module(2)';
const DELETE_MAN = 'delete_module(2)';

function errno(name: string, meaning: string, source: string): ReferenceErrno {
  return { name, number: errnoNumber(name), meaning, source };
}

const LOAD_ERRNOS: readonly ReferenceErrno[] = [
  errno(
    'EPERM',
    "The caller lacks CAP_SYS_MODULE, module loading is disabled, the module is on the kernel's block list, or lockdown forbids it.",
    LOAD_MAN,
  ),
  errno(
    'ENOEXEC',
    'Not a module that this kernel accepts: no valid ELF image, another architecture, or built for another version.',
    LOAD_MAN,
  ),
  errno('EEXIST', 'A module of that name is already loaded.', LOAD_MAN),
  errno(
    'EBUSY',
    'A module of that name is being loaded or removed at this moment, or a symbol did not become available in time.',
    `${LOAD_MAN}, ${MAIN_C}`,
  ),
  errno('ENOENT', 'The module needs a symbol that neither the kernel nor a loaded module offers.', MAIN_C),
  errno('ERANGE', "A parameter's value does not fit its type.", 'kernel/params.c'),
  errno('ENOSPC', "A parameter's value is longer than the module takes.", 'kernel/params.c'),
  errno('EFAULT', 'An address the caller passed cannot be read.', LOAD_MAN),
  errno('ENOMEM', 'There was not enough memory.', LOAD_MAN),
  errno('EBADMSG', 'The signature is malformed.', LOAD_MAN),
  errno('ENOKEY', 'The module is signed with a key that the kernel does not have.', LOAD_MAN),
  errno('EKEYREJECTED', 'Signatures are enforced, and the module has none that the kernel trusts.', MAIN_C),
  errno('ENODATA', 'The module carries no signature.', 'kernel/module/signing.c'),
  errno('ENOSYS', 'The kernel is built without module support.', LOAD_MAN),
  errno('EINTR', 'The caller was killed while it waited for another call on the same file.', MAIN_C),
];

const INIT_ERRNOS: readonly ReferenceErrno[] = [
  errno('EINVAL', "A parameter's value that the module cannot use, or an image that contradicts itself.", MAIN_C),
];

const FINIT_ERRNOS: readonly ReferenceErrno[] = [
  errno(
    'EINVAL',
    "A flag the kernel does not know, a file that is empty or not a regular one, a parameter's value that the module cannot use, or an image that contradicts itself.",
    `${LOAD_MAN}, ${MAIN_C}, fs/kernel_read_file.c`,
  ),
  errno('EBADF', 'The file descriptor is not open, or not open for reading.', LOAD_MAN),
  errno('EFBIG', 'The file is too large.', LOAD_MAN),
  errno('ETXTBSY', 'The file is open for writing.', LOAD_MAN),
  errno('EOPNOTSUPP', 'The kernel cannot unpack modules: it is built without it.', MAIN_C),
  errno('EIO', 'The file could not be read.', 'fs/kernel_read_file.c'),
  errno('EACCES', 'The file cannot be read for this purpose.', 'fs/kernel_read_file.c'),
];

const DELETE_ERRNOS: readonly ReferenceErrno[] = [
  errno('EPERM', 'The caller lacks CAP_SYS_MODULE, or module loading and unloading is disabled.', DELETE_MAN),
  errno('ENOENT', 'No module of that name is loaded.', DELETE_MAN),
  errno('EAGAIN', 'Another module depends on it, or it is in use (EWOULDBLOCK).', DELETE_MAN),
  errno('EBUSY', 'The module is not live, or it has no exit function and cannot be removed.', DELETE_MAN),
  errno('EFAULT', 'The name cannot be read.', DELETE_MAN),
  errno('EINTR', 'The caller was interrupted while it waited for the lock on modules.', MAIN_C),
  errno('ENOSYS', 'The kernel is built without module support.', DELETE_MAN),
];

const PARAMETERS: Omit<ReferenceArgument, 'name'> = {
  type: 'const char *',
  origin: 'U',
  toctou: true,
  optional: false,
  description:
    'The module\'s parameters, separated by blanks: "param1=value1 param2=value2". An empty text means none; NULL makes the kernel return EFAULT. They are recorded at entry, and again at return where they read differently then.',
  difference:
    'Descriptions that tag it U alone leave out that it can change: the kernel copies the text only when it has read and checked the image, later than sys_enter.',
};

export const CALL_REFERENCES: readonly ReferenceEvent[] = [
  {
    name: 'finit_module',
    title: 'finit_module: load a kernel module from a file descriptor',
    intro: 'Loads and initialises a kernel module whose image is read from an open file.',
    description: [
      'Modules add to a running kernel without a restart: device drivers, filesystems, protocols. This call names the image by a file descriptor, where init_module takes a pointer to its bytes; so the kernel can judge the file itself.',
      'The kernel reads the file behind the descriptor itself, checks signature, version and symbols, lays the module out in memory, applies the parameters and runs its init function.',
      "The file's path is a property of the descriptor, not of the bytes: a memfd, a deleted file or a file on a container's overlay are all valid sources.",
      'From 6.5 on, calls on the same inode at the same moment share one load: all of them return the result of the first.',
    ],
    arguments: [
      {
        name: 'fd',
        type: 'int',
        origin: 'K',
        toctou: false,
        optional: false,
        description:
          "The file descriptor of the module's image. The file behind it is recorded as the kernel sees it at entry.",
      },
      { name: 'param_values', ...PARAMETERS },
      {
        name: 'flags',
        type: 'int',
        origin: 'K',
        toctou: false,
        optional: false,
        description: 'How the module is to be loaded. Any other bit makes the kernel return EINVAL.',
        difference:
          'Descriptions of this call that name O_TRACE, O_DEBUG, O_ASYNC or O_EXCL are wrong: the kernel knows these three flags and no others.',
        flags: FINIT_FLAGS,
      },
    ],
    hooks: [
      { name: 'syscalls/sys_enter_finit_module', type: 'tracepoint', purpose: 'arguments, file, process' },
      {
        name: 'syscalls/sys_exit_finit_module',
        type: 'tracepoint',
        purpose: 'return value, duration, parameters again',
      },
      {
        name: 'sys_enter, sys_exit',
        type: 'raw tracepoint',
        purpose: 'the same where the call has no tracepoints of its own',
      },
      { name: '__ia32_sys_finit_module', type: 'kprobe', purpose: '32-bit callers' },
    ],
    useCase: 'See which file became part of the kernel, who asked for it, and whether the kernel accepted it.',
    issues:
      "A module runs with all of the kernel's rights. Parameters and file can change between check and use; trust what the kernel itself read.",
    related: ['init_module', 'delete_module', 'module_load', 'image_read'],
    errnos: [...LOAD_ERRNOS, ...FINIT_ERRNOS],
    source: `${LOAD_MAN}, ${MAIN_C}`,
  },
  {
    name: 'init_module',
    title: 'init_module: load a kernel module from memory',
    intro: "Loads and initialises a kernel module whose image lies in the caller's memory.",
    description: [
      'There is no file: the kernel copies the image from the caller. Tools use it where they unpack a compressed module themselves, which is common; code that never touched a disk uses it too.',
      "The caller's program and arguments say more about the origin than the call does.",
    ],
    arguments: [
      {
        name: 'module_image',
        type: 'void *',
        origin: 'U',
        toctou: true,
        optional: false,
        description:
          "The address of the image in the caller's memory. The bytes that count are those the kernel copied.",
      },
      {
        name: 'len',
        type: 'unsigned long',
        origin: 'K',
        toctou: false,
        optional: false,
        description: 'The length of the image in bytes.',
      },
      { name: 'param_values', ...PARAMETERS },
    ],
    hooks: [
      { name: 'syscalls/sys_enter_init_module', type: 'tracepoint', purpose: 'arguments, process' },
      {
        name: 'syscalls/sys_exit_init_module',
        type: 'tracepoint',
        purpose: 'return value, duration, parameters again',
      },
      { name: '__ia32_sys_init_module', type: 'kprobe', purpose: '32-bit callers' },
    ],
    useCase: 'Find modules that were loaded without a file.',
    issues: 'The kernel knows no path for such a module; nothing on disk needs to correspond to it.',
    related: ['finit_module', 'delete_module', 'module_load', 'image_read'],
    errnos: [...LOAD_ERRNOS, ...INIT_ERRNOS],
    source: `${LOAD_MAN}, ${MAIN_C}`,
  },
  {
    name: 'delete_module',
    title: 'delete_module: remove a kernel module',
    intro: 'Removes a loaded module that nobody uses.',
    description: [
      "The kernel runs the module's exit function and frees its memory. A module that is in use, or that others depend on, stays.",
    ],
    arguments: [
      {
        name: 'name',
        type: 'const char *',
        origin: 'U',
        toctou: true,
        optional: false,
        description:
          "The module's name, with underscores where the file's name may have hyphens. The kernel reads at most 55 bytes of it.",
      },
      {
        name: 'flags',
        type: 'unsigned int',
        origin: 'K',
        toctou: false,
        optional: false,
        description: 'Whether to wait, and whether to force.',
        flags: DELETE_FLAGS,
      },
    ],
    hooks: [
      { name: 'syscalls/sys_enter_delete_module', type: 'tracepoint', purpose: 'arguments, process' },
      { name: 'syscalls/sys_exit_delete_module', type: 'tracepoint', purpose: 'return value, duration' },
      { name: '__ia32_sys_delete_module', type: 'kprobe', purpose: '32-bit callers' },
    ],
    useCase: 'See which module left the kernel, who removed it, and what could not be removed.',
    issues:
      'A security module can be removed like any other; a module can also vanish from all lists without this call.',
    related: ['finit_module', 'init_module', 'module_free'],
    errnos: DELETE_ERRNOS,
    source: `${DELETE_MAN}, ${MAIN_C}`,
  },
];
