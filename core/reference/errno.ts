/** Linux's error numbers. Source: include/uapi/asm-generic/errno-base.h and errno.h. */
const NAMES =
  'EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ' +
  'ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ' +
  'ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT ' +
  'EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ' +
  'ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ' +
  'ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP ' +
  'EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ' +
  'ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ' +
  'ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ' +
  'ENOTRECOVERABLE ERFKILL EHWPOISON';

/** Numbers inside the kernel that a caller never sees, but a tracepoint does. Source: include/linux/errno.h. */
const INTERNAL: Readonly<Record<number, string>> = {
  512: 'ERESTARTSYS',
  513: 'ERESTARTNOINTR',
  514: 'ERESTARTNOHAND',
  516: 'ERESTART_RESTARTBLOCK',
  517: 'EPROBE_DEFER',
  524: 'ENOTSUPP',
};

const BY_NUMBER = NAMES.split(' ');

/** The largest number that a return value can be an error of. Source: include/linux/err.h. */
const MAX_ERRNO = 4095n;

/** "EPERM" for -1; undefined where the value is no error. An error without a name is "errno 4000". */
export function errnoName(returnValue: bigint): string | undefined {
  if (returnValue >= 0n || returnValue < -MAX_ERRNO) return undefined;
  const number = Number(-returnValue);
  const name = BY_NUMBER[number - 1] ?? INTERNAL[number];
  return name && name !== '-' ? name : `errno ${String(number)}`;
}

/** The number of a name; for building tables. */
export function errnoNumber(name: string): number {
  const index = BY_NUMBER.indexOf(name);
  if (index < 0) throw new RangeError(`${name} is not an error of Linux`);
  return index + 1;
}

/** Numbers by name, of all errors that have one. */
export function errnoNumbers(): ReadonlyMap<string, number> {
  const known = BY_NUMBER.map((name, index) => [name, index + 1] as const).filter(([name]) => name !== '-');
  return new Map([...known, ...Object.entries(INTERNAL).map(([number, name]) => [name, Number(number)] as const)]);
}
