/**
 * Aliases made of numbered fields: "pci:v00008086d0000100Esv*sd*bc*sc*i*". The order and width of the fields is what
 * scripts/mod/file2alias.c of the kernel writes.
 */

/** A letter or two, how many hexadecimal digits follow, and what they are. */
type Field = readonly [prefix: string, digits: number, label: string];

interface Bus {
  readonly title: string;
  readonly fields: readonly Field[];
}

const BUSES: Readonly<Record<string, Bus>> = {
  pci: {
    title: 'PCI',
    fields: [
      ['v', 8, 'vendor'],
      ['d', 8, 'device'],
      ['sv', 8, 'subsystem vendor'],
      ['sd', 8, 'subsystem device'],
      ['bc', 2, 'class'],
      ['sc', 2, 'subclass'],
      ['i', 2, 'programming interface'],
    ],
  },
  usb: {
    title: 'USB',
    fields: [
      ['v', 4, 'vendor'],
      ['p', 4, 'product'],
      ['d', 4, 'release'],
      ['dc', 2, 'device class'],
      ['dsc', 2, 'device subclass'],
      ['dp', 2, 'device protocol'],
      ['ic', 2, 'interface class'],
      ['isc', 2, 'interface subclass'],
      ['ip', 2, 'interface protocol'],
      ['in', 2, 'interface number'],
    ],
  },
  hid: {
    title: 'HID',
    fields: [
      ['b', 4, 'bus'],
      ['g', 4, 'group'],
      ['v', 8, 'vendor'],
      ['p', 8, 'product'],
    ],
  },
  virtio: {
    title: 'virtio',
    fields: [
      ['d', 8, 'device'],
      ['v', 8, 'vendor'],
    ],
  },
  sdio: {
    title: 'SDIO',
    fields: [
      ['c', 2, 'class'],
      ['v', 4, 'vendor'],
      ['d', 4, 'device'],
    ],
  },
  ssb: {
    title: 'SSB',
    fields: [
      ['v', 4, 'vendor'],
      ['id', 4, 'core'],
      ['rev', 2, 'revision'],
    ],
  },
  bcma: {
    title: 'BCMA',
    fields: [
      ['m', 4, 'manufacturer'],
      ['id', 4, 'core'],
      ['rev', 2, 'revision'],
      ['cl', 2, 'class'],
    ],
  },
  hdaudio: {
    title: 'HD audio',
    fields: [
      ['v', 8, 'codec'],
      ['r', 8, 'revision'],
      ['a', 2, 'type'],
    ],
  },
  ieee1394: {
    title: 'FireWire',
    fields: [
      ['ven', 8, 'vendor'],
      ['mo', 8, 'model'],
      ['sp', 8, 'specifier'],
      ['ver', 8, 'version'],
    ],
  },
  serio: {
    title: 'serial input',
    fields: [
      ['ty', 2, 'type'],
      ['pr', 2, 'protocol'],
      ['id', 2, 'id'],
      ['ex', 2, 'extra'],
    ],
  },
  pcmcia: {
    title: 'PCMCIA',
    fields: [
      ['m', 4, 'manufacturer'],
      ['c', 4, 'card'],
      ['f', 2, 'function'],
      ['fn', 2, 'function number'],
      ['pfn', 2, 'pseudo device'],
    ],
  },
};

/** Virtio devices by number (include/uapi/linux/virtio_ids.h). */
const VIRTIO = ['', 'network', 'block', 'console', 'entropy', 'balloon', '', 'rpmsg', 'SCSI', '9P', '', '', 'RAM'];
/** HID's buses (include/uapi/linux/input.h). */
const HID_BUSES: Readonly<Record<string, string>> = { '0003': 'USB', '0005': 'Bluetooth', '0018': 'I2C' };
/** USB interface classes (usb.org, "Defined Class Codes"). */
const USB_CLASSES: Readonly<Record<string, string>> = {
  '01': 'audio',
  '02': 'communications',
  '03': 'HID',
  '06': 'still image',
  '07': 'printer',
  '08': 'mass storage',
  '09': 'hub',
  '0A': 'CDC data',
  '0E': 'video',
  E0: 'wireless',
  FF: 'vendor-specific',
};
/** PCI base classes (PCI Code and ID Assignment, chapter 1). */
const PCI_CLASSES: Readonly<Record<string, string>> = {
  '01': 'storage',
  '02': 'network',
  '03': 'display',
  '04': 'multimedia',
  '05': 'memory',
  '06': 'bridge',
  '07': 'communication',
  '0C': 'serial bus',
  '0D': 'wireless',
  '12': 'accelerator',
};

function meaning(bus: string, prefix: string, value: string): string | undefined {
  if (bus === 'virtio' && prefix === 'd') return VIRTIO[parseInt(value, 16)] || undefined;
  if (bus === 'hid' && prefix === 'b') return HID_BUSES[value];
  if (bus === 'usb' && (prefix === 'ic' || prefix === 'dc')) return USB_CLASSES[value];
  return bus === 'pci' && prefix === 'bc' ? PCI_CLASSES[value] : undefined;
}

/** "PCI vendor 8086, device 100e"; undefined where the bus is not one of these, or the pattern not of its form. */
export function describeFields(bus: string, rest: string): string | undefined {
  const known = Object.hasOwn(BUSES, bus) ? BUSES[bus] : undefined;
  if (!known) return undefined;
  const said: string[] = [];
  let at = 0;
  for (const [prefix, digits, label] of known.fields) {
    if (rest.slice(at) === '*') break;
    if (!rest.startsWith(prefix, at)) return at > 0 ? finish(known.title, said, rest.slice(at)) : undefined;
    at += prefix.length;
    if (rest[at] === '*') {
      at += 1;
      continue;
    }
    const value = /^(?:[0-9A-Fa-f]|\[[0-9A-F-]+\]|\*(?=[0-9A-F]))+/.exec(rest.slice(at, at + 4 * digits))?.[0];
    if (value === undefined) return finish(known.title, said, rest.slice(at));
    const taken = value.includes('[') ? value : value.slice(0, digits);
    const shown = digits > 4 ? taken.replace(/^0{4}(?=.)/, '') : taken;
    const words = meaning(bus, prefix, taken);
    said.push(`${label} ${shown.toLowerCase()}${words === undefined ? '' : ` (${words})`}`);
    at += taken.length;
    // A range of releases may end early: "d012*".
    if (taken.length < digits && rest[at] === '*') at += 1;
  }
  return finish(known.title, said, rest.slice(at));
}

function finish(title: string, said: readonly string[], left: string): string {
  const more = left === '' || left === '*' ? '' : `, ${left}`;
  return said.length === 0 ? `any ${title} device${more}` : `${title} ${said.join(', ')}${more}`;
}
