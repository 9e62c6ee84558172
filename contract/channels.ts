/** Names of the messages between the page's preload script and main. Only those two use them. */

/** One request channel for each verb. */
export const verbChannel = (verb: string): string => `modtrail:verb:${verb}`;

/** Request: a dropped file's path, as the preload script got it from the system. */
export const DROP_CHANNEL = 'modtrail:drop';

/** To main: the page listens to this notice from now on; what waited for it can be told. */
export const LISTEN_CHANNEL = 'modtrail:listen';

/** To the page: a notice's name and what it tells. */
export const NOTICE_CHANNEL = 'modtrail:notice';
