/** Names of modules: those of a distribution's kernel by folder, and those that people build themselves. */

/** Folder in the kernel's tree, what the names there begin with, and how they go on. */
const FAMILIES: readonly (readonly [folder: string, prefix: string, names: string])[] = [
  [
    'fs',
    '',
    'ext4/ext4 xfs/xfs btrfs/btrfs f2fs/f2fs fuse/fuse overlayfs/overlay squashfs/squashfs isofs/isofs udf/udf',
  ],
  [
    'fs',
    '',
    'nfs/nfs nfs/nfsv4 nfsd/nfsd lockd/lockd smb/client/cifs ceph/ceph fat/fat fat/vfat exfat/exfat jbd2/jbd2',
  ],
  [
    'fs',
    '',
    'mbcache hfs/hfs hfsplus/hfsplus ntfs3/ntfs3 efivarfs/efivarfs configfs/configfs autofs/autofs4 binfmt_misc',
  ],
  [
    'fs/nls',
    'nls_',
    'ascii cp437 cp850 cp852 cp866 cp932 cp936 cp949 cp950 cp1250 cp1251 iso8859-1 iso8859-15 koi8-r utf8',
  ],
  [
    'lib',
    '',
    'crc16 crc-itu-t crc-ccitt libcrc32c crc64 crc7 raid6/raid6_pq zstd/zstd_compress lz4/lz4_compress 842/842_compress',
  ],
  [
    'crypto',
    '',
    'xor blake2b_generic crc32c_generic cmac ccm gcm ghash-generic des_generic sm4 xts ecb ctr cts serpent_generic',
  ],
  [
    'crypto',
    '',
    'twofish_common camellia_generic algif_hash algif_skcipher algif_aead algif_rng af_alg authenc ecdh_generic',
  ],
  [
    'arch/x86/crypto',
    '',
    'aesni-intel crc32c-intel crc32-pclmul crct10dif-pclmul ghash-clmulni-intel sha512-ssse3 sha256-ssse3',
  ],
  ['arch/x86/kvm', '', 'kvm kvm-intel kvm-amd'],
  ['arch/x86/events', '', 'rapl intel/intel-cstate intel/intel-uncore amd/amd-uncore amd/power'],
  [
    'net',
    '',
    'llc/llc 802/stp 802/garp 802/mrp bridge/bridge bridge/br_netfilter 8021q/8021q tls/tls mptcp/mptcp_diag sctp/sctp',
  ],
  [
    'net',
    '',
    'dccp/dccp rds/rds tipc/tipc rxrpc/rxrpc can/can can/can-raw can/can-bcm vmw_vsock/vsock 9p/9pnet key/af_key',
  ],
  [
    'net',
    '',
    'ax25/ax25 netrom/netrom rose/rose x25/x25 appletalk/appletalk atm/atm phonet/phonet nfc/nfc l2tp/l2tp_core',
  ],
  [
    'net',
    '',
    'bluetooth/bluetooth bluetooth/bnep/bnep bluetooth/rfcomm/rfcomm wireless/cfg80211 mac80211/mac80211 rfkill/rfkill',
  ],
  [
    'net/ipv4',
    '',
    'udp_tunnel ip_tunnel ip_gre gre ipip tcp_bbr tcp_vegas tcp_westwood tcp_htcp tcp_dctcp inet_diag esp4 ah4 ipcomp',
  ],
  ['net/ipv6', '', 'ip6_udp_tunnel ip6_tunnel ip6_gre sit esp6 ah6 ipcomp6 ip6_vti mip6'],
  [
    'net/netfilter',
    'nf_',
    'conntrack nat tables log_syslog conntrack_ftp conntrack_sip conntrack_tftp conntrack_h323 flow_table',
  ],
  [
    'net/netfilter',
    'nft_',
    'chain_nat compat ct masq limit log reject fib redir hash numgen objref queue quota tunnel xfrm socket',
  ],
  [
    'net/netfilter',
    'xt_',
    'addrtype conntrack comment mark MASQUERADE nat limit tcpudp multiport owner recent set state string LOG',
  ],
  [
    'net/netfilter',
    'xt_',
    'TCPMSS NFQUEUE CHECKSUM CT bpf cgroup connbytes connlimit dscp hashlimit helper iprange length mac time',
  ],
  [
    'net/netfilter',
    '',
    'x_tables nfnetlink nfnetlink_log nfnetlink_queue ipset/ip_set ipset/ip_set_hash_ip ipset/ip_set_hash_net',
  ],
  [
    'net/sched',
    'sch_',
    'fq fq_codel cake htb hfsc ingress netem prio red sfq tbf codel ets etf mqprio multiq pie qfq skbprio teql',
  ],
  [
    'net/sched',
    'act_',
    'bpf connmark csum ct gact gate ife mirred mpls nat pedit police sample simple skbedit skbmod vlan',
  ],
  ['net/sched', 'cls_', 'basic bpf cgroup flow flower fw matchall route u32'],
  [
    'drivers/block',
    '',
    'loop nbd brd null_blk/null_blk virtio_blk zram/zram rbd xen-blkfront drbd/drbd aoe/aoe floppy',
  ],
  [
    'drivers/md',
    '',
    'dm-mod dm-crypt dm-mirror dm-snapshot dm-thin-pool dm-cache dm-raid dm-verity dm-zero dm-log raid1 raid10 raid456',
  ],
  [
    'drivers/net',
    '',
    'dummy veth tun tap macvlan macvtap vxlan/vxlan geneve bonding/bonding team/team ifb wireguard/wireguard nlmon vrf',
  ],
  [
    'drivers/net',
    '',
    'virtio_net net_failover failover netconsole bareudp gtp ipvlan/ipvlan macsec mdio mii usb/cdc_ether usb/usbnet',
  ],
  [
    'drivers/net/ethernet',
    '',
    'intel/e1000/e1000 intel/e1000e/e1000e intel/igb/igb intel/igc/igc intel/ixgbe/ixgbe intel/i40e/i40e',
  ],
  [
    'drivers/net/ethernet',
    '',
    'intel/ice/ice realtek/r8169 realtek/8139too broadcom/tg3 broadcom/bnx2 broadcom/bnxt/bnxt_en marvell/sky2',
  ],
  [
    'drivers/net/ethernet',
    '',
    'mellanox/mlx4/mlx4_core mellanox/mlx5/core/mlx5_core amazon/ena/ena aquantia/atlantic/atlantic qlogic/qede/qede',
  ],
  [
    'drivers/net/wireless',
    '',
    'intel/iwlwifi/iwlwifi intel/iwlwifi/mvm/iwlmvm ath/ath ath/ath9k/ath9k ath/ath10k/ath10k_core ath/ath11k/ath11k',
  ],
  [
    'drivers/net/wireless',
    '',
    'realtek/rtw88/rtw88_core realtek/rtw88/rtw88_8822c realtek/rtw89/rtw89_core mediatek/mt76/mt76 marvell/mwifiex/mwifiex',
  ],
  [
    'drivers/gpu/drm',
    '',
    'drm drm_kms_helper ttm/ttm i915/i915 amd/amdgpu/amdgpu radeon/radeon nouveau/nouveau ast/ast mgag200/mgag200 qxl/qxl',
  ],
  [
    'drivers/gpu/drm',
    '',
    'virtio/virtio-gpu vmwgfx/vmwgfx udl/udl gud/gud scheduler/gpu-sched display/drm_display_helper drm_buddy tiny/bochs',
  ],
  [
    'drivers/hid',
    'hid-',
    'generic multitouch logitech logitech-dj logitech-hidpp apple microsoft sony nintendo roccat steam wiimote razer',
  ],
  [
    'drivers/hid',
    'hid-',
    'a4tech asus cherry corsair cougar cypress elan elecom ezkey gembird google-hammer holtek-kbd lenovo lg ntrig',
  ],
  [
    'drivers/usb',
    '',
    'core/usbcore host/xhci-hcd host/xhci-pci host/ehci-hcd host/ohci-hcd storage/usb-storage storage/uas class/cdc-acm',
  ],
  [
    'drivers/usb/serial',
    '',
    'usbserial ftdi_sio pl2303 cp210x ch341 option qcserial sierra mos7720 ark3116 belkin_sa keyspan',
  ],
  [
    'drivers/scsi',
    '',
    'scsi_mod sd_mod sr_mod sg scsi_transport_sas megaraid/megaraid_sas mpt3sas/mpt3sas hpsa virtio_scsi iscsi_tcp libiscsi',
  ],
  [
    'drivers/nvme',
    '',
    'host/nvme host/nvme-core host/nvme-tcp host/nvme-rdma host/nvme-fabrics target/nvmet target/nvmet-tcp common/nvme-common',
  ],
  ['drivers/ata', '', 'libata libahci ahci ata_generic ata_piix pata_acpi sata_nv sata_sil sata_via pata_jmicron'],
  [
    'drivers/acpi',
    '',
    'ac battery button fan thermal video acpi_pad acpi_ipmi processor nfit/nfit dptf/int3400_thermal',
  ],
  [
    'drivers/platform/x86',
    '',
    'wmi dell/dell-laptop dell/dell-smbios hp/hp-wmi thinkpad_acpi asus-wmi asus-nb-wmi ideapad-laptop intel/hid intel/vbtn',
  ],
  [
    'drivers/hwmon',
    '',
    'coretemp k10temp nct6775 nct6775-core it87 lm75 lm90 jc42 w83627ehf drivetemp asus-ec-sensors fam15h_power',
  ],
  [
    'drivers/i2c',
    '',
    'i2c-dev i2c-smbus busses/i2c-i801 busses/i2c-piix4 busses/i2c-designware-core algos/i2c-algo-bit i2c-mux muxes/i2c-mux-reg',
  ],
  [
    'drivers/char',
    '',
    'tpm/tpm tpm/tpm_crb tpm/tpm_tis ipmi/ipmi_msghandler ipmi/ipmi_si ipmi/ipmi_devintf hw_random/virtio-rng hw_random/rng-core',
  ],
  [
    'drivers/input',
    '',
    'evdev joydev mouse/psmouse mouse/sermouse serio/serio_raw misc/pcspkr misc/uinput joystick/xpad tablet/wacom_serial4',
  ],
  [
    'drivers/media',
    '',
    'mc/mc v4l2-core/videodev usb/uvc/uvcvideo common/videobuf2/videobuf2-common common/videobuf2/videobuf2-v4l2 rc/rc-core',
  ],
  [
    'drivers/media/usb/gspca',
    'gspca_',
    'main benq conex cpia1 etoms finepix jeilinj kinect konica mars mr97310a nw80x ov519 ov534 pac207 zc3xx',
  ],
  [
    'drivers/media/dvb-frontends',
    '',
    'a8293 af9013 af9033 au8522_common cx22702 cx24110 cx24116 dib3000mb dib7000p drxk lgdt330x mt312 stv090x tda10021',
  ],
  [
    'drivers/iio',
    '',
    'industrialio accel/bmc150-accel-core accel/kxcjk-1013 gyro/bmg160_core light/acpi-als light/isl29018 imu/bmi160/bmi160_core',
  ],
  ['drivers/firmware', '', 'dmi-sysfs efi/efi-pstore qemu_fw_cfg iscsi_ibft memmap-sysfs edd'],
  [
    'drivers/misc',
    '',
    'mei/mei mei/mei-me eeprom/at24 eeprom/ee1004 vmw_balloon enclosure tifm_core cardreader/rtsx_pci genwqe/genwqe_card',
  ],
  ['drivers/watchdog', '', 'iTCO_wdt iTCO_vendor_support sp5100_tco softdog wdat_wdt i6300esb ipmi_watchdog'],
  ['drivers/mmc', '', 'core/mmc_core core/mmc_block host/sdhci host/sdhci-pci host/sdhci-acpi host/cqhci'],
  ['sound/core', 'snd', ' -pcm -timer -seq -seq-device -hwdep -rawmidi -hrtimer -compress'],
  [
    'sound/pci',
    'snd-',
    'hda-intel hda-codec hda-codec-hdmi hda-codec-realtek hda-core intel8x0 emu10k1 ens1371 oxygen-lib via82xx',
  ],
  [
    'sound/soc/codecs',
    'snd-soc-',
    'rt5640 rt5645 rt5651 rt5663 rt5670 rt5677 rt5682 rt711 rt715 rt1308 max98090 max98357a da7219 es8316 nau8824',
  ],
  [
    'sound/soc/codecs',
    'snd-soc-',
    'cs35l41-lib cs42l42 tas2562 tas2770 wm8731 wm8804 wm8994 ak4458 ak5558 pcm3168a pcm512x ssm4567 tlv320aic3x',
  ],
  ['virt/lib', '', 'irqbypass'],
];

/** Names of the modules that people build from elsewhere, and whether their licence is not a free one. */
export const FOREIGN: readonly (readonly [name: string, proprietary: boolean])[] = [
  ...'nvidia nvidia_modeset nvidia_drm nvidia_uvm wl falcon_lsm hpvsa amd_pro_kms'
    .split(' ')
    .map((name) => [name, true] as const),
  ...(
    'zfs spl zavl vboxdrv vboxnetflt vboxnetadp vmmon vmnet v4l2loopback rtl8812au 88x2bu r8168 r8125 evdi razerkbd ' +
    'razermouse acpi_call bbswitch tuxedo_io xone_gip ddcci lttng_tracer lttng_ring_buffer lttng_kprobes xpmem gdrdrv ' +
    'lustre lnet openafs drbd_transport'
  )
    .split(' ')
    .map((name) => [name, false] as const),
];

/** What a team builds over and over while it writes a driver. */
export const PROJECTS: readonly string[] = (
  'edge_nic raidlab fpga_dma sensorhub qos_shaper nvme_shadow blkfilter camlink ntb_pipe trustbox vgpu_stub canfd_gw ' +
  'tape_lib pmem_cow swraid_test test_bitmap test_xarray test_bpf kunit_list kunit_overflow kunit_string ring_probe ' +
  'hsm_link ptp_slave mcu_flash gpio_mux'
).split(' ');

export interface TreeModule {
  /** As the kernel calls it: without hyphens. */
  readonly name: string;
  /** Below the kernel's folder of modules, without the suffix. */
  readonly path: string;
}

/** The modules of the distribution's kernel. */
export const TREE: readonly TreeModule[] = FAMILIES.flatMap(([folder, prefix, names]) =>
  names.split(' ').map((name) => {
    const path = `${folder}/${prefix}${name}`;
    return { name: path.slice(path.lastIndexOf('/') + 1).replaceAll('-', '_'), path };
  }),
);

/** What the kernel asks for by itself, and the module that answers. */
export const ALIASES: readonly (readonly [alias: string, module: string])[] = Object.entries({
  ...{
    'fs-vfat': 'vfat',
    'fs-xfs': 'xfs',
    'fs-nfs': 'nfs',
    'fs-cifs': 'cifs',
    'fs-btrfs': 'btrfs',
    tcp_bbr: 'tcp_bbr',
  },
  ...{ 'rtnl-link-bridge': 'bridge', 'rtnl-link-vxlan': 'vxlan', 'rtnl-link-dummy': 'dummy', 'rtnl-link-veth': 'veth' },
  ...{ 'net-pf-16-proto-12': 'nfnetlink', 'net-pf-38': 'af_alg', 'net-pf-29': 'can', 'net-pf-40': 'vsock' },
  ...{ nls_cp437: 'nls_cp437', nls_ascii: 'nls_ascii', 'crypto-cmac(aes)': 'cmac', 'crypto-xts(aes)': 'xts' },
  ...{ ip_set: 'ip_set', 'nft-expr-2-masq': 'nft_masq', 'nft-chain-2-nat': 'nft_chain_nat' },
});

/** What the kernel asks for and nothing answers. */
export const UNANSWERED: readonly string[] = (
  'fs-nosuchfs net-pf-3 net-pf-25 char-major-10-144 crypto-fpu(pcbc(aes)) netdev-eth7 binfmt-4c46 tcp_reno2 ipt_geoip ' +
  'net-pf-16-proto-21-family-batadv block-major-259-4 snd-card-2 usbfunc:acm_ms'
).split(' ');
