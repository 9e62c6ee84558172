/**
 * The Debian and Ubuntu packages that the product needs beyond Node, by what they are needed for. An entry is one name,
 * or the names that the same thing has in different releases, the preferred one first.
 */
type Entry = string | readonly string[];

/** What a package is for: seeing captures, recording them, booting kernels, the tests. */
export type Group = 'view' | 'collector' | 'lab' | 'test';

export const PACKAGES: Readonly<Record<Group, readonly Entry[]>> = {
  // Electron's libraries, and a virtual display for machines without one.
  view: [
    ['libgtk-3-0t64', 'libgtk-3-0'],
    ['libasound2t64', 'libasound2'],
    ['libatspi2.0-0t64', 'libatspi2.0-0'],
    'libnss3',
    'libgbm1',
    'libxss1',
    'libxtst6',
    'libdrm2',
    'libnotify4',
    'xvfb',
    'xauth',
  ],
  // The recorder is built from source; any clang from 14 on writes BPF, the newest does it best.
  collector: [
    ['clang-21', 'clang-20', 'clang-19', 'clang-18', 'clang-17', 'clang-16', 'clang-15', 'clang-14', 'clang'],
    ['llvm-21', 'llvm-20', 'llvm-19', 'llvm-18', 'llvm-17', 'llvm-16', 'llvm-15', 'llvm-14', 'llvm'],
    'gcc',
    'libc6-dev',
    'make',
    'libbpf-dev',
    'libelf-dev',
    'zlib1g-dev',
    'libzstd-dev',
    'libsqlite3-dev',
    'libsodium-dev',
  ],
  // A kernel is fetched by apt, boots in QEMU, and small modules are built for it. Disks of guests are read here.
  lab: [
    ...['qemu-system-x86', 'cpio', 'busybox-static', 'kmod', 'xz-utils', 'e2fsprogs'],
    ...['gcc', 'libc6-dev', 'make', 'libelf1'],
  ],
  // A browser with the newest engine, an ordinary user, a second reader of captures, the C formatter, packers, disks of another
  // kind, a bus and a polkit that the tests start themselves, what tells the windows of a display, libFuzzer for the clang above.
  test: [
    ...[
      'chromium',
      'sudo',
      'sqlite3',
      'jq',
      'openssl',
      'clang-format-16',
      'zstd',
      'lz4',
      'btrfs-progs',
      'dbus',
      'x11-utils',
    ],
    ['pkexec', 'policykit-1'],
    ['polkitd', 'policykit-1'],
    [
      'libclang-rt-21-dev',
      'libclang-rt-20-dev',
      'libclang-rt-19-dev',
      'libclang-rt-18-dev',
      'libclang-rt-17-dev',
      'libclang-rt-16-dev',
    ],
  ],
};
