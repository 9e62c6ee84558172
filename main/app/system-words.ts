/** What the system says of something that went wrong, in words instead of a code. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

const { EDQUOT, ENOTCONN, ESTALE } = constants.errno;

/** What Node has no words for, or those of a network. */
const OWN: ReadonlyMap<number, string> = new Map([
  [EDQUOT, 'the user may not use more of the disk'],
  [ENOTCONN, 'the disk that it is on is not connected any more'],
  [ESTALE, 'the server that it is on does not know it any more'],
]);

export function systemWords(error: unknown): string {
  const { errno = 0, message } = error as NodeJS.ErrnoException;
  return OWN.get(-errno) ?? getSystemErrorMap().get(errno)?.[1] ?? message;
}
