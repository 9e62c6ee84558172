/**
 * What the window may not do: leave its page, open others, reach the network, get a permission. Everything is refused by
 * default and nothing is opened by a message of the page.
 */
import { app, session, type Session, type WebContents } from 'electron';
import { isOwnUrl, SCHEME } from './page.ts';

/** Chromium's own traffic; the page's is refused below. */
const QUIET_SWITCHES = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-sync',
  'dns-prefetch-disable',
  'no-pings',
] as const;

/** Before Chromium starts. */
export function quietChromium(): void {
  for (const name of QUIET_SWITCHES) app.commandLine.appendSwitch(name);
  // Whatever is forgotten above finds no host.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // A process of its own keeps apart what speaks to strangers. Here nobody does, and it would take 20 MB to serve own pages.
  app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
}

/** Once Chromium is there and before any window. `development`: the developer tools may load their own pages. */
export function lockDown(development: boolean): void {
  lockSession(session.defaultSession, development);
  app.on('session-created', (created) => {
    lockSession(created, development);
  });
  app.on('web-contents-created', (_event, contents) => {
    lockContents(contents);
  });
}

function lockSession(target: Session, development: boolean): void {
  target.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  target.setPermissionCheckHandler(() => false);
  target.setDevicePermissionHandler(() => false);
  target.setSpellCheckerEnabled(false);
  target.on('will-download', (event) => {
    event.preventDefault();
  });
  const schemes = [`${SCHEME}:`, 'data:', ...(development ? ['devtools:'] : [])];
  target.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !schemes.some((scheme) => details.url.startsWith(scheme)) });
  });
}

function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // Without a proxy this leaves WebRTC no way out.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
  });
}
