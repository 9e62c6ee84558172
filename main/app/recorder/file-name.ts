/** The name that is proposed for a new recording. */

export const SUFFIX = '.modtrail';

/** `host-YYYYMMDD-HHMMSS.modtrail`, the time in UTC. Characters that are awkward in file names are left out of the host. */
export function proposedName(host: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  const stamp = `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
  const plain = host.replaceAll(/[^A-Za-z0-9.-]/g, '').replace(/^[.-]+/, '');
  return `${plain === '' ? 'host' : plain.slice(0, 64)}-${stamp}${SUFFIX}`;
}

/** The chosen path with the suffix of captures. */
export function withSuffix(path: string): string {
  return path.endsWith(SUFFIX) ? path : path + SUFFIX;
}
