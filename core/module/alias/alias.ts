/** Aliases of .modinfo: what they are matched against, and what they match, in words. */
import type { Alias } from '#contract/inspect.ts';
import { describeFields } from './fields.ts';

/** Buses whose aliases end in a plain name: "platform:pcspkr". */
const NAMED: Readonly<Record<string, string>> = {
  platform: 'platform device',
  i2c: 'I2C device',
  spi: 'SPI device',
  mdio: 'PHY on MDIO with id',
  slim: 'SLIMbus device',
  vmbus: 'Hyper-V device with GUID',
  wmi: 'WMI device with GUID',
  mei: 'Intel ME client',
  rpmsg: 'rpmsg service',
  tee: 'TEE client with UUID',
  typec: 'USB Type-C alternate mode',
  tbsvc: 'Thunderbolt service',
  auxiliary: 'auxiliary device',
  isa: 'ISA device',
  pnp: 'PNP device',
  acpi: 'ACPI device',
  eisa: 'EISA device',
  parisc: 'PA-RISC device',
  css: 'S/390 subchannel',
  ccw: 'S/390 channel device',
  ap: 'S/390 crypto device',
  amba: 'AMBA device',
  cdx: 'CDX device',
  dfl: 'FPGA feature',
  fsl: 'Freescale MC device',
  greybus: 'Greybus device',
  ishtp: 'Intel sensor hub client',
  ipack: 'IndustryPack device',
  sdw: 'SoundWire device',
  soundwire: 'SoundWire device',
  ssam: 'Surface aggregator device',
  vio: 'VIO device',
  xen: 'Xen device',
  xen_backend: 'Xen backend device',
  zorro: 'Zorro device',
  gameport: 'game port device',
  nvmem: 'NVMEM cell',
  usbfunc: 'USB gadget function',
  'xen-backend': 'Xen backend device',
};

/** Names that the kernel makes up when it asks for a module: a prefix, and what follows it. */
const REQUESTED: readonly (readonly [prefix: string, text: string])[] = [
  ['fs-', 'file system'],
  ['crypto-', 'crypto algorithm'],
  ['net-pf-', 'socket family'],
  ['char-major-', 'character device, major'],
  ['block-major-', 'block device, major'],
  ['devname:', 'device node /dev/'],
  ['rtnl-link-', 'network link of kind'],
  ['dm-', 'device-mapper target'],
  ['md-', 'RAID personality'],
  ['ipt_', 'iptables extension'],
  ['ip6t_', 'ip6tables extension'],
  ['arpt_', 'arptables extension'],
  ['ebt_', 'ebtables extension'],
  ['nft-', 'nftables'],
  ['nfnetlink-subsys-', 'nfnetlink subsystem'],
  ['nf-logger-', 'netfilter logger'],
  ['nf_conntrack_', 'connection tracking'],
  ['tcp_', 'TCP congestion control'],
  ['can-proto-', 'CAN protocol'],
  ['snd-card-', 'sound card'],
  ['sound-slot-', 'sound slot'],
  ['binfmt-', 'binary format'],
  ['xfrm-type-', 'IPsec transform'],
  ['xfrm-offload-', 'IPsec offload'],
  ['ip_set_', 'IP set type'],
  ['ip_vs_', 'IPVS'],
  ['net-sch-', 'traffic scheduler'],
  ['net-cls-', 'traffic classifier'],
  ['net-act-', 'traffic action'],
  ['sch_', 'traffic scheduler'],
  ['pcmcia:', 'PCMCIA'],
  ['llc', 'LLC'],
  ['iscsi_', 'iSCSI'],
  ['scsi:t-', 'SCSI device of type'],
];

export function describeAlias(pattern: string): Alias {
  const requested = REQUESTED.find(([prefix]) => pattern.startsWith(prefix));
  const colon = pattern.indexOf(':');
  const bus = colon === -1 ? undefined : pattern.slice(0, colon).replace(/\*$/, '');
  if (requested && (bus === undefined || requested[0].includes(':'))) {
    const rest = pattern.slice(requested[0].length);
    if (bus === undefined || bus === 'devname' || bus === 'scsi') {
      return {
        pattern,
        ...(bus === undefined ? {} : { bus }),
        text: `${requested[1]} ${rest}`.replace('/dev/ ', '/dev/'),
      };
    }
  }
  if (bus === undefined) return { pattern, text: `another name: ${pattern}` };
  const rest = pattern.slice(colon + 1);
  return { pattern, bus, text: describeBus(bus, rest) ?? `${bus} ${rest}` };
}

function describeBus(bus: string, rest: string): string | undefined {
  if (bus === 'of') return deviceTree(rest);
  if (bus === 'dmi') return dmi(rest);
  if (bus === 'cpu') return cpu(rest);
  if (bus === 'input') return 'input devices with certain keys or axes';
  if (bus === 'acpi') return `ACPI device ${rest.replace(/:\*?$/, '').replaceAll(/^\*|\*$/g, '')}`;
  if (bus === 'pnp') return `PNP device ${rest.replace(/^d/, '').replace(/\*$/, '')}`;
  const fields = describeFields(bus, rest);
  if (fields !== undefined) return fields;
  const named = Object.hasOwn(NAMED, bus) ? NAMED[bus] : undefined;
  return named === undefined ? undefined : `${named} ${rest}`;
}

/** "N*T*Cfsl,imx6q-ocotpC*": node name, type, compatible. */
function deviceTree(rest: string): string {
  const found = /^N(.*?)T(.*?)(?:C(.*?))?(?:C\*)?$/.exec(rest);
  if (!found) return `device-tree node ${rest}`;
  const [, name = '', type = '', compatible = ''] = found;
  const said = [
    ...(compatible === '' || compatible === '*' ? [] : [`compatible with ${compatible}`]),
    ...(name === '' || name === '*' ? [] : [`named ${name}`]),
    ...(type === '' || type === '*' ? [] : [`of type ${type}`]),
  ];
  return `device-tree node${said.length === 0 ? ', any' : ` ${said.join(', ')}`}`;
}

/** Fields of DMI strings (drivers/firmware/dmi-id.c). */
const DMI: Readonly<Record<string, string>> = {
  bvn: 'BIOS vendor',
  bvr: 'BIOS version',
  bd: 'BIOS date',
  br: 'BIOS release',
  efr: 'controller release',
  svn: 'system vendor',
  pn: 'product',
  pvr: 'product version',
  rvn: 'board vendor',
  rn: 'board',
  rvr: 'board version',
  cvn: 'chassis vendor',
  ct: 'chassis type',
  cvr: 'chassis version',
  sku: 'product SKU',
};

function dmi(rest: string): string {
  const said = rest.split(':').flatMap((field) => {
    const [, key = '', value = ''] = /^(bvn|bvr|bd|br|efr|svn|pn|pvr|rvn|rn|rvr|cvn|ct|cvr|sku)(.*)$/.exec(field) ?? [];
    const label = DMI[key];
    return label === undefined || value === '*' || value === '' ? [] : [`${label} ${value.replaceAll('*', '…')}`];
  });
  return said.length === 0 ? 'any machine with DMI' : `machine with ${said.join(', ')}`;
}

/** x86's vendors by number (arch/x86/include/asm/processor.h). */
const VENDORS: Readonly<Record<string, string>> = {
  '0000': 'Intel',
  '0001': 'Cyrix',
  '0002': 'AMD',
  '0003': 'UMC',
  '0005': 'Centaur',
  '0007': 'Transmeta',
  '0008': 'NSC',
  '0009': 'Hygon',
  '000A': 'Zhaoxin',
  '000B': 'Vortex',
};

/** "type:x86,ven0000fam0006mod009E:feature:*00EA*". */
function cpu(rest: string): string {
  const found = /^type:([^:]*):feature:(.*)$/.exec(rest);
  if (!found) return `processor ${rest}`;
  const [, type = '', features = ''] = found;
  const ids = /^(.*?),ven(.*?)fam(.*?)mod(.*)$/.exec(type);
  const said: string[] = [];
  if (ids) {
    const [, , vendor = '*', family = '*', model = '*'] = ids;
    if (vendor !== '*') said.push(VENDORS[vendor] ?? `vendor ${vendor}`);
    if (family !== '*') said.push(`family ${family}`);
    if (model !== '*') said.push(`model ${model}`);
  }
  const feature = features.replaceAll('*', '').replaceAll(/^,|,$/g, '');
  if (feature !== '') said.push(`feature ${feature}`);
  const kind = (ids?.[1] ?? type).replaceAll('*', '');
  return `${kind === '' ? 'processor' : `${kind} processor`}${said.length === 0 ? ', any' : `: ${said.join(', ')}`}`;
}
