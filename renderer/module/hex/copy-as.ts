/** Bytes as text for other programs. */
import { byteDigits } from './rows.ts';

export const COPY_FORMS = ['hex', 'c', 'base64', 'text'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

export const COPY_WORDS: Readonly<Record<CopyForm, string>> = {
  hex: 'hex digits',
  c: 'C array',
  base64: 'Base64',
  text: 'text',
};

/** Bytes that are copied at once at most. */
export const MOST_COPIED = 1 << 20;

const PER_LINE = 12;

function cArray(bytes: Uint8Array): string {
  const words = Array.from(bytes, (byte) => `0x${byteDigits(byte)}`);
  const lines = [];
  for (let at = 0; at < words.length; at += PER_LINE) lines.push(`  ${words.slice(at, at + PER_LINE).join(', ')},`);
  return `static const unsigned char bytes[${String(bytes.length)}] = {\n${lines.join('\n')}\n};\n`;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** UTF-8; a byte that is none, and a control character that a terminal would obey, become a sign that says so. */
function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll(/[^\P{Cc}\t\n\r]/gu, '\ufffd');
}

export function copyAs(bytes: Uint8Array, form: CopyForm): string {
  switch (form) {
    case 'hex':
      return Array.from(bytes, byteDigits).join(' ');
    case 'c':
      return cArray(bytes);
    case 'base64':
      return base64(bytes);
    case 'text':
      return text(bytes);
  }
}
