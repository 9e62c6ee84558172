/** Notifications on the desktop. */
import { Notification, type BrowserWindow } from 'electron';

/** Those that are shown: one that nobody holds is collected, and its click is lost. */
const shown = new Set<Notification>();

/** Shows one where the desktop can; a click brings the window to the front. */
export function notify(window: BrowserWindow, title: string, body: string, clicked: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body, silent: true });
  const end = (): void => void shown.delete(notification);
  shown.add(notification);
  notification.on('close', end);
  notification.on('failed', end);
  notification.on('click', () => {
    end();
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    clicked();
  });
  notification.show();
}
