/**
 * What a kernel's function or variable gives to the module that imports it. Data: each row names the file of the
 * kernel's sources that declares its symbols; a row with beginnings of names, which only the plain groups have, names the
 * main header of that part of the kernel. Names that only older kernels export are among them. A symbol that is in no row
 * is unknown, and stays so.
 */

export interface Row {
  /** What it gives the module, a few words. */
  readonly gives: string;
  /** Where in the kernel's sources that is said. */
  readonly source: string;
  /** Names, separated by spaces; one that ends with * stands for all that begin so. */
  readonly names: string;
}

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly weight: 'high' | 'medium' | 'low';
  readonly rows: readonly Row[];
}

const row = (source: string, gives: string, names: string): Row => ({ source, gives, names });

/** Most telling first; a symbol belongs to the first group that names it. */
export const GROUPS: readonly Group[] = [
  {
    id: 'hooking',
    title: 'Hooking',
    text: 'It can have its own code run when other kernel code runs, look up what is not exported, or change code.',
    weight: 'high',
    rows: [
      row(
        'include/linux/kprobes.h',
        'runs its code at any instruction of the kernel',
        'register_kprobe unregister_kprobe register_kprobes unregister_kprobes register_kretprobe unregister_kretprobe register_kretprobes unregister_kretprobes enable_kprobe disable_kprobe register_jprobe unregister_jprobe',
      ),
      row(
        'include/linux/trace_events.h',
        'runs its code at any instruction of the kernel',
        'kprobe_event_cmd_init __kprobe_event_gen_cmd_start kprobe_event_delete',
      ),
      row(
        'include/linux/ftrace.h',
        'runs its code whenever a kernel function is called',
        'register_ftrace_function unregister_ftrace_function ftrace_set_filter ftrace_set_filter_ip ftrace_set_filter_ips ftrace_set_notrace ftrace_set_global_filter ftrace_set_global_notrace ftrace_ops_set_global_filter register_ftrace_direct unregister_ftrace_direct modify_ftrace_direct modify_ftrace_direct_nolock register_ftrace_direct_multi unregister_ftrace_direct_multi modify_ftrace_direct_multi ftrace_free_filter register_ftrace_graph unregister_ftrace_graph',
      ),
      row(
        'include/linux/fprobe.h',
        'runs its code at entry and return of functions',
        'register_fprobe register_fprobe_ips register_fprobe_syms unregister_fprobe',
      ),
      row(
        'include/linux/uprobes.h',
        'runs its code at instructions of programs',
        'uprobe_register uprobe_unregister uprobe_register_refctr uprobe_apply uprobe_unregister_nosync uprobe_unregister_sync',
      ),
      row(
        'include/linux/kallsyms.h',
        'looks up the address of any kernel symbol by name',
        'kallsyms_lookup_name kallsyms_on_each_symbol kallsyms_on_each_match_symbol sprint_symbol sprint_symbol_no_offset lookup_symbol_name',
      ),
      row(
        'arch/x86/include/asm/text-patching.h',
        "changes the kernel's code",
        'text_poke text_poke_bp text_poke_kgdb text_poke_copy text_poke_early text_poke_queue text_poke_finish text_poke_sync poking_mm poking_addr',
      ),
      row('include/linux/memory.h', "changes the kernel's code", 'text_mutex'),
      row(
        'arch/arm64/include/asm/text-patching.h',
        "changes the kernel's code",
        'aarch64_insn_patch_text aarch64_insn_patch_text_nosync aarch64_insn_write',
      ),
      row(
        'include/linux/livepatch.h',
        'replaces functions of the kernel',
        'klp_enable_patch klp_shadow_alloc klp_shadow_get klp_shadow_get_or_alloc klp_shadow_free klp_shadow_free_all klp_get_state klp_get_prev_state',
      ),
      row(
        'include/linux/tracepoint.h',
        "runs its code at the kernel's tracepoints",
        'tracepoint_probe_register tracepoint_probe_unregister tracepoint_probe_register_prio tracepoint_probe_register_prio_may_exist for_each_kernel_tracepoint for_each_tracepoint_in_module register_tracepoint_module_notifier unregister_tracepoint_module_notifier',
      ),
      row(
        'include/linux/hw_breakpoint.h',
        'sets hardware breakpoints and counters',
        'register_wide_hw_breakpoint unregister_wide_hw_breakpoint',
      ),
      row(
        'include/linux/perf_event.h',
        'sets hardware breakpoints and counters',
        'perf_event_create_kernel_counter perf_event_release_kernel',
      ),
      row(
        'include/linux/hw_breakpoint.h',
        'sets hardware breakpoints in programs',
        'register_user_hw_breakpoint modify_user_hw_breakpoint unregister_hw_breakpoint',
      ),
      row(
        'arch/x86/include/asm/set_memory.h',
        'changes whether memory can be written or executed',
        'set_memory_rw set_memory_ro set_memory_x set_memory_nx',
      ),
      row(
        'arch/x86/include/asm/special_insns.h',
        'changes control registers, such as the write protection of code',
        'native_write_cr0 native_write_cr4',
      ),
      row(
        'include/linux/stop_machine.h',
        'runs its code while all other processors stand still',
        'stop_machine stop_machine_cpuslocked',
      ),
      row(
        'include/linux/kdebug.h',
        "is told of the processor's exceptions",
        'register_die_notifier unregister_die_notifier',
      ),
      row(
        'arch/x86/include/asm/nmi.h',
        'handles non-maskable interrupts',
        '__register_nmi_handler unregister_nmi_handler',
      ),
      row(
        'arch/x86/include/asm/desc.h',
        'reaches interrupt and descriptor tables',
        'idt_table gdt_page load_direct_gdt load_fixmap_gdt',
      ),
      row(
        'arch/x86/include/asm/syscall.h',
        'reaches the table of system calls',
        'sys_call_table ia32_sys_call_table x64_sys_call ia32_sys_call',
      ),
      row('arch/arm64/include/asm/syscall.h', 'reaches the table of system calls', 'compat_sys_call_table'),
      row('include/linux/bpf.h', 'gets at BPF programs', 'bpf_prog_get_type_path bpf_prog_get_type_dev'),
    ],
  },
  {
    id: 'hiding',
    title: 'Hiding',
    text: 'It reaches lists and folders in which modules, processes and files are shown.',
    weight: 'high',
    rows: [
      row(
        'include/linux/module.h',
        'finds and walks modules',
        'find_module module_mutex __module_address __module_text_address modules',
      ),
      row(
        'include/linux/module.h',
        'is told when modules come and go',
        'register_module_notifier unregister_module_notifier',
      ),
      row('include/linux/kobject.h', 'takes an object out of sysfs', 'kobject_del'),
      row('fs/proc/internal.h', 'reaches entries of /proc that are not its own', 'proc_root proc_lookup proc_readdir'),
      row('include/linux/debug_locks.h', 'switches off what marks the kernel as tainted or wrong', 'debug_locks_off'),
      row('include/linux/panic.h', 'reads or sets the taint of the kernel', 'add_taint test_taint get_taint'),
    ],
  },
  {
    id: 'privileges',
    title: 'Credentials',
    text: 'It can give a process other rights.',
    weight: 'high',
    rows: [
      row(
        'include/linux/cred.h',
        'changes the rights of processes',
        'commit_creds prepare_creds prepare_kernel_cred override_creds revert_creds abort_creds cred_alloc_blank set_security_override set_create_files_as cred_fscmp',
      ),
      row('include/linux/lsm_hooks.h', 'adds to what decides on rights', 'security_hook_heads security_add_hooks'),
      row('include/linux/init_task.h', 'holds the rights of the first process', 'init_cred'),
    ],
  },
  {
    id: 'memory',
    title: 'Memory of other processes',
    text: 'It can read or write what other processes have in memory, or physical memory.',
    weight: 'high',
    rows: [
      row(
        'include/linux/mm.h',
        "reads and writes other processes' memory",
        'access_process_vm access_remote_vm get_user_pages_remote pin_user_pages_remote',
      ),
      row('include/linux/sched/mm.h', "reads and writes other processes' memory", 'get_task_mm'),
      row('include/linux/sched/mm.h', "uses another process's memory", 'get_task_mm mm_access mmput mmput_async'),
      row('include/linux/mmu_context.h', "uses another process's memory as its own", 'use_mm unuse_mm'),
      row('include/linux/kthread.h', "uses another process's memory as its own", 'kthread_use_mm kthread_unuse_mm'),
      row(
        'include/linux/uaccess.h',
        'reads and writes kernel memory by address, faults or not',
        'copy_from_kernel_nofault copy_to_kernel_nofault probe_kernel_read probe_kernel_write strncpy_from_kernel_nofault copy_from_user_nofault copy_to_user_nofault',
      ),
      row(
        'include/linux/mm.h',
        'follows page tables',
        'follow_pfn follow_pte follow_pfnmap_start __pte_offset_map_lock apply_to_page_range',
      ),
      row(
        'arch/x86/include/asm/pgtable_types.h',
        'finds the entry of a page table for an address',
        'lookup_address lookup_address_in_pgd slow_virt_to_phys',
      ),
      row('include/linux/kcore.h', 'reads kernel memory as a file', 'register_mem_pfn_is_ram'),
    ],
  },
  {
    id: 'persistence',
    title: 'Programs and staying',
    text: 'It can start programs, load modules, or stay when somebody wants it gone.',
    weight: 'high',
    rows: [
      row(
        'include/linux/umh.h',
        'starts programs as root',
        'call_usermodehelper call_usermodehelper_setup call_usermodehelper_exec',
      ),
      row(
        'include/linux/usermode_driver.h',
        'starts programs that it brings along',
        'fork_usermode_driver umd_load_blob umd_unload_blob umd_cleanup_helper',
      ),
      row(
        'include/linux/reboot.h',
        'restarts or stops the machine',
        'emergency_restart kernel_restart kernel_halt kernel_power_off orderly_poweroff orderly_reboot',
      ),
      row('include/linux/binfmts.h', 'has a say in how programs are started', '__register_binfmt unregister_binfmt'),
    ],
  },
  {
    id: 'keyboard',
    title: 'Keyboard and input',
    text: 'It can see what is typed, or all events of input devices.',
    weight: 'high',
    rows: [
      row('include/linux/keyboard.h', 'sees every key', 'register_keyboard_notifier unregister_keyboard_notifier'),
      row(
        'include/linux/input.h',
        'is handed events of input devices',
        'input_register_handler input_unregister_handler input_register_handle input_unregister_handle input_open_device input_close_device input_grab_device input_release_device input_inject_event input_handler_for_each_handle',
      ),
      row('include/linux/vt_kern.h', 'sees what is written on consoles', 'register_vt_notifier unregister_vt_notifier'),
      row(
        'include/linux/libps2.h',
        'sits between a keyboard and its driver',
        'ps2_command ps2_init ps2_handle_ack ps2_handle_response',
      ),
      row(
        'include/linux/i8042.h',
        'sits between a keyboard and its driver',
        'i8042_install_filter i8042_remove_filter',
      ),
    ],
  },
  {
    id: 'processes',
    title: 'Processes',
    text: 'It finds processes, sends them signals, or starts threads of the kernel.',
    weight: 'medium',
    rows: [
      row(
        'include/linux/pid.h',
        'finds processes by their number',
        'find_vpid find_pid_ns find_get_pid pid_task get_pid_task get_task_pid pid_vnr pid_nr_ns put_pid __task_pid_nr_ns',
      ),
      row('include/linux/sched.h', 'finds processes by their number', 'find_get_task_by_vpid'),
      row('include/linux/nsproxy.h', 'finds processes by their number', 'task_active_pid_ns'),
      row(
        'include/linux/sched/signal.h',
        'sends signals',
        'send_sig send_sig_info kill_pid kill_pgrp kill_pid_info send_sig_mceerr force_sig flush_signals dequeue_signal kill_pid_usb_asyncio',
      ),
      row('include/linux/signal.h', 'sends signals', 'allow_signal sigprocmask kernel_sigaction'),
      row(
        'include/linux/sched/task.h',
        'walks the processes from the first one',
        'init_task __put_task_struct __put_task_struct_rcu_cb tasklist_lock',
      ),
      row('include/linux/sched/task.h', 'starts threads', 'kernel_thread'),
      row(
        'include/linux/sched.h',
        'changes how processes are scheduled',
        'sched_setscheduler sched_setscheduler_nocheck sched_setattr_nocheck sched_set_fifo sched_set_fifo_low sched_set_normal set_user_nice set_cpus_allowed_ptr yield_to',
      ),
      row(
        'include/linux/profile.h',
        'is told when processes end',
        'profile_event_register profile_event_unregister task_handoff_register task_handoff_unregister',
      ),
      row('include/linux/nsproxy.h', 'reaches namespaces', 'init_nsproxy'),
      row('include/net/net_namespace.h', 'reaches namespaces', 'get_net_ns_by_pid get_net_ns_by_fd'),
      row('include/linux/sched.h', 'reaches namespaces', 'init_pid_ns'),
      row(
        'include/linux/connector.h',
        'uses the connector, on which events of processes are told',
        'cn_add_callback cn_del_callback cn_netlink_send cn_netlink_send_mult',
      ),
      row(
        'include/linux/freezer.h',
        'freezes processes',
        'freezing_slow_path __refrigerator freezer_active freezer_count set_freezable',
      ),
    ],
  },
  {
    id: 'files',
    title: 'Files',
    text: 'It reads, writes or changes files by itself.',
    weight: 'medium',
    rows: [
      row(
        'include/linux/fs.h',
        'opens files',
        'iterate_dir filp_open file_open_root filp_close dentry_open open_with_fake_path kernel_file_open dentry_create',
      ),
      row('include/linux/file.h', 'opens files', 'alloc_file_pseudo'),
      row(
        'include/linux/fs.h',
        'reads and writes files',
        'kernel_read kernel_write __kernel_write vfs_read vfs_write vfs_iter_read vfs_iter_write vfs_iocb_iter_read vfs_iocb_iter_write vfs_llseek vfs_fsync vfs_fsync_range vfs_copy_file_range vfs_clone_file_range vfs_fallocate do_splice_direct',
      ),
      row('include/linux/splice.h', 'reads and writes files', 'splice_file_range vfs_splice_read'),
      row(
        'include/linux/kernel_read_file.h',
        'reads whole files',
        'kernel_read_file kernel_read_file_from_path kernel_read_file_from_path_initns kernel_read_file_from_fd',
      ),
      row(
        'include/linux/fs.h',
        'creates, removes and renames files',
        'vfs_create vfs_mkdir vfs_rmdir vfs_unlink vfs_rename vfs_symlink vfs_link vfs_mknod vfs_tmpfile vfs_tmpfile_open notify_change vfs_truncate vfs_getattr vfs_getattr_nosec vfs_statfs vfs_ioctl kernel_tmpfile_open',
      ),
      row('include/linux/fileattr.h', 'creates, removes and renames files', 'vfs_fileattr_get vfs_fileattr_set'),
      row(
        'include/linux/namei.h',
        'finds files by path',
        'kern_path kern_path_create user_path_create done_path_create user_path_at user_path_at_empty lookup_one_len lookup_one_len_unlocked lookup_positive_unlocked lookup_one lookup_one_unlocked lookup_one_positive_unlocked vfs_path_lookup kern_path_locked start_creating_path end_creating_path follow_up follow_down_one follow_down lock_rename unlock_rename',
      ),
      row('include/linux/path.h', 'finds files by path', 'path_get path_put'),
      row('include/linux/fs.h', 'finds files by path', 'path_is_under'),
      row('include/linux/dcache.h', 'turns a file into its path', 'd_path dentry_path_raw d_absolute_path'),
      row('include/linux/fs.h', 'turns a file into its path', 'file_path'),
      row(
        'include/linux/xattr.h',
        'reads and writes extended attributes',
        'vfs_getxattr vfs_setxattr vfs_removexattr vfs_listxattr __vfs_getxattr __vfs_setxattr __vfs_removexattr __vfs_setxattr_locked __vfs_removexattr_locked',
      ),
      row(
        'include/linux/file.h',
        'reaches open files by their number',
        'fget fget_raw fdget __fdget fd_install get_unused_fd_flags put_unused_fd receive_fd fput fd_file',
      ),
      row('include/linux/fdtable.h', 'reaches open files by their number', 'close_fd iterate_fd'),
      row(
        'include/linux/mount.h',
        'mounts',
        'kern_mount kern_unmount mnt_want_write mnt_drop_write mnt_want_write_file mnt_drop_write_file vfs_kern_mount fc_mount clone_private_mount mntget mntput',
      ),
      row(
        'include/linux/fsnotify_backend.h',
        'is told what happens to files',
        'fsnotify_alloc_group fsnotify_put_group fsnotify_add_mark fsnotify_destroy_mark fsnotify_init_mark fsnotify_put_mark fsnotify fsnotify_get_cookie fsnotify_find_mark',
      ),
      row(
        'include/linux/backing-file.h',
        'opens files on behalf of others',
        'backing_file_open backing_file_read_iter backing_file_write_iter backing_file_splice_read backing_file_splice_write backing_file_mmap',
      ),
      row('include/linux/fs.h', 'opens files on behalf of others', 'backing_file_user_path'),
    ],
  },
  {
    id: 'network',
    title: 'Network and netfilter',
    text: 'It sees or changes packets of others, or speaks over the network by itself.',
    weight: 'medium',
    rows: [
      row(
        'include/linux/netfilter.h',
        'sees and decides on every packet',
        'nf_register_net_hook nf_unregister_net_hook nf_register_net_hooks nf_unregister_net_hooks nf_register_hook nf_register_hooks nf_unregister_hook nf_register_sockopt nf_unregister_sockopt nf_hook_slow',
      ),
      row(
        'include/net/netfilter/nf_queue.h',
        'sees and decides on every packet',
        'nf_register_queue_handler nf_unregister_queue_handler',
      ),
      row(
        'include/linux/netfilter/x_tables.h',
        'adds matches and targets of iptables',
        'xt_register_match xt_register_matches xt_unregister_match xt_unregister_matches xt_register_target xt_register_targets xt_unregister_target xt_unregister_targets xt_register_table xt_unregister_table xt_hook_ops_alloc',
      ),
      row(
        'include/net/netfilter/nf_tables.h',
        'adds expressions and chains of nftables',
        'nft_register_expr nft_unregister_expr nft_register_obj nft_unregister_obj nft_register_chain_type nft_unregister_chain_type nft_register_flowtable_type',
      ),
      row(
        'include/linux/netdevice.h',
        'sees packets of a kind, or of all kinds',
        'dev_add_pack dev_remove_pack __dev_remove_pack netdev_rx_handler_register netdev_rx_handler_unregister dev_add_offload dev_remove_offload',
      ),
      row(
        'include/linux/net.h',
        'speaks over sockets of its own',
        'sock_create sock_create_kern sock_create_lite kernel_connect kernel_bind kernel_listen kernel_accept kernel_sendmsg kernel_sendmsg_locked kernel_recvmsg kernel_sendpage kernel_getsockname kernel_getpeername kernel_sock_shutdown sock_release sock_sendmsg sock_recvmsg sockfd_lookup kernel_sock_ip_overhead',
      ),
      row(
        'include/linux/netlink.h',
        'speaks to programs over netlink',
        '__netlink_kernel_create netlink_kernel_release netlink_unicast netlink_broadcast netlink_ack netlink_has_listeners netlink_register_notifier netlink_unregister_notifier __netlink_dump_start netlink_broadcast_filtered netlink_strict_get_check netlink_capable netlink_net_capable netlink_set_err',
      ),
      row('include/net/netlink.h', 'speaks to programs over netlink', 'netlink_rcv_skb'),
      row(
        'include/net/genetlink.h',
        'speaks to programs over generic netlink',
        'genl_register_family genl_unregister_family genlmsg_put genlmsg_multicast_allns genl_notify',
      ),
      row(
        'include/net/protocol.h',
        'takes packets of a protocol',
        'inet_add_protocol inet_del_protocol inet6_add_protocol inet6_del_protocol inet_register_protosw inet_unregister_protosw inet6_register_protosw inet6_unregister_protosw inet_add_offload inet_del_offload inet6_add_offload inet6_del_offload',
      ),
      row(
        'include/net/udp_tunnel.h',
        'takes packets that come through tunnels',
        'setup_udp_tunnel_sock udp_sock_create4 udp_sock_create6 udp_tunnel_xmit_skb udp_tunnel6_xmit_skb udp_tunnel_sock_release',
      ),
      row(
        'include/net/tcp.h',
        'changes how TCP works',
        'tcp_register_congestion_control tcp_unregister_congestion_control tcp_register_ulp tcp_unregister_ulp',
      ),
      row(
        'include/linux/inet.h',
        'reads addresses written as text',
        'in_aton in4_pton in6_pton inet_pton_with_scope inet_addr_is_any',
      ),
      row(
        'include/linux/netpoll.h',
        'sends packets past the network stack',
        'netpoll_setup __netpoll_setup netpoll_send_udp netpoll_send_skb netpoll_cleanup __netpoll_free netpoll_parse_options netpoll_print_options netpoll_poll_dev netpoll_poll_disable netpoll_poll_enable',
      ),
    ],
  },
  {
    id: 'crypto',
    title: 'Cryptography',
    text: 'It encrypts, hashes, or holds keys.',
    weight: 'low',
    rows: [
      row(
        'include/linux/crypto.h',
        'uses or offers algorithms',
        'crypto_alloc_base crypto_destroy_tfm crypto_has_alg crypto_register_alg* crypto_unregister_alg* crypto_alg_* crypto_comp_* crypto_alloc_comp crypto_req_done crypto_register_template* crypto_unregister_template* crypto_spawn_* crypto_grab_*',
      ),
      row('include/crypto/acompress.h', 'uses or offers algorithms', 'crypto_alloc_acomp'),
      row(
        'include/crypto/algapi.h',
        'uses or offers algorithms',
        'crypto_enqueue_request crypto_dequeue_request crypto_init_queue crypto_get_attr_type crypto_attr_alg_name crypto_mod_put crypto_inst_setname crypto_drop_spawn',
      ),
      row('crypto/internal.h', 'uses or offers algorithms', 'crypto_type_has_alg'),
      row(
        'include/crypto/skcipher.h',
        'encrypts',
        'crypto_alloc_skcipher crypto_skcipher_* crypto_alloc_sync_skcipher crypto_cipher_* crypto_register_skcipher* crypto_unregister_skcipher* skcipher_* simd_skcipher_* crypto_has_skcipher crypto_alloc_lskcipher',
      ),
      row('include/crypto/internal/simd.h', 'encrypts', 'simd_register_skciphers_compat simd_unregister_skciphers'),
      row(
        'include/crypto/aead.h',
        'encrypts and authenticates',
        'crypto_alloc_aead crypto_aead_* crypto_register_aead* crypto_unregister_aead* aead_* simd_aead_*',
      ),
      row(
        'include/crypto/internal/simd.h',
        'encrypts and authenticates',
        'simd_register_aeads_compat simd_unregister_aeads',
      ),
      row(
        'include/crypto/hash.h',
        'hashes',
        'crypto_alloc_shash crypto_alloc_ahash crypto_shash_* crypto_ahash_* crypto_register_shash* crypto_unregister_shash* crypto_register_ahash* crypto_unregister_ahash* crypto_hash_* shash_* ahash_* crypto_has_ahash',
      ),
      row('include/crypto/akcipher.h', 'encrypts and signs with public keys', 'crypto_alloc_akcipher crypto_sig_*'),
      row(
        'include/crypto/internal/akcipher.h',
        'encrypts and signs with public keys',
        'crypto_register_akcipher crypto_unregister_akcipher',
      ),
      row('include/crypto/kpp.h', 'encrypts and signs with public keys', 'crypto_alloc_kpp'),
      row(
        'include/crypto/internal/kpp.h',
        'encrypts and signs with public keys',
        'crypto_register_kpp crypto_unregister_kpp',
      ),
      row('include/crypto/sig.h', 'encrypts and signs with public keys', 'crypto_alloc_sig'),
      row(
        'include/crypto/rng.h',
        'makes random numbers',
        'crypto_alloc_rng crypto_rng_* crypto_register_rng* crypto_unregister_rng* crypto_get_default_rng crypto_put_default_rng crypto_default_rng',
      ),
      row('include/crypto/sha2.h', 'hashes', 'sha256 sha256_update sha256_final sha224 sha512 sha384 crypto_sha*'),
      row('include/crypto/sha1.h', 'hashes', 'sha1_transform sha1_init'),
      row(
        'include/crypto/aes.h',
        'encrypts',
        'aes_encrypt aes_decrypt aes_expandkey aes_prepareenckey crypto_aes_* crypto_ft_tab crypto_it_tab',
      ),
      row(
        'include/crypto/algapi.h',
        'compares and combines secrets',
        '__crypto_xor __crypto_memneq crypto_inc crypto_memneq',
      ),
      row(
        'include/crypto/chacha.h',
        'encrypts',
        'chacha_* hchacha_* chacha20poly1305_* xchacha20poly1305_* poly1305_* curve25519_* blake2s_*',
      ),
      row(
        'include/linux/key.h',
        'holds keys of keyrings',
        'key_put key_validate key_revoke key_invalidate key_link key_unlink key_alloc key_create_or_update keyring_alloc keyring_search keyring_clear request_key_tag request_key_with_auxdata request_key_rcu lookup_user_key',
      ),
      row(
        'include/linux/key-type.h',
        'holds keys of keyrings',
        'key_instantiate_and_link key_type_keyring register_key_type unregister_key_type generic_key_instantiate complete_request_key',
      ),
      row(
        'include/keys/user-type.h',
        'holds keys of keyrings',
        'key_type_logon key_type_user user_read user_describe user_destroy user_revoke',
      ),
    ],
  },
  {
    id: 'filesystem',
    title: 'File system of its own',
    text: 'It offers a file system, a block device, or entries in /proc, /sys and debugfs.',
    weight: 'low',
    rows: [
      row(
        'include/linux/fs.h',
        'offers a file system',
        'register_filesystem unregister_filesystem mount_bdev mount_nodev mount_single mount_pseudo kill_block_super kill_litter_super kill_anon_super deactivate_locked_super deactivate_super sget sget_fc sget_dev sb_set_blocksize sb_min_blocksize simple_* generic_* new_inode new_inode_pseudo iget_locked iget5_locked* iget_failed ilookup* iput ihold igrab unlock_new_inode clear_inode clear_nlink set_nlink inc_nlink drop_nlink inode_* insert_inode_* __insert_inode_hash make_bad_inode is_bad_inode init_special_inode setattr_prepare setattr_copy current_time timestamp_truncate touch_atime file_update_time file_remove_privs file_modified __mark_inode_dirty sync_filesystem sync_inode_metadata freeze_* thaw_* may_setattr address_space_init_once evict_inodes invalidate_inodes truncate_inode_pages* filemap_* file_write_and_wait_range write_inode_now block_* lease_* locks_* posix_lock_file posix_test_lock vfs_setlease vfs_lock_file vfs_test_lock vfs_cancel_lock nop_mnt_idmap get_super* drop_super* iterate_supers* super_setup_bdi* set_anon_super* noop_llseek no_llseek no_seek_end_llseek default_llseek fixed_size_llseek stream_open nonseekable_open kill_fasync fasync_helper',
      ),
      row(
        'include/linux/dcache.h',
        'offers a file system',
        'd_add d_add_ci d_alloc* d_delete d_drop d_exact_alias d_find_alias d_find_any_alias d_genocide d_hash_and_lookup d_instantiate* d_invalidate d_lookup d_make_root d_mark_* d_move d_obtain_* d_prune_aliases d_rehash d_set_* d_splice_alias d_tmpfile* dput dget_parent shrink_dcache_* full_name_hash hashlen_string names_cachep',
      ),
      row(
        'include/linux/fs_context.h',
        'offers a file system',
        'get_tree_* vfs_parse_fs_* fs_param_* __fs_parse fs_lookup_param lookup_constant logfc fs_context_for_* put_fs_context generic_parse_monolithic',
      ),
      row(
        'include/linux/buffer_head.h',
        'reads and writes blocks',
        '__bread_gfp __brelse __breadahead* __getblk_gfp bdev_getblk bh_* __bh_* mark_buffer_* sync_dirty_buffer __sync_dirty_buffer submit_bh ll_rw_block create_empty_buffers alloc_buffer_head free_buffer_head __wait_on_buffer __lock_buffer unlock_buffer end_buffer_* try_to_free_buffers folio_set_bh cont_write_begin nobh_*',
      ),
      row(
        'include/linux/pagemap.h',
        'keeps pages of files',
        'pagecache_get_page grab_cache_page_write_begin read_cache_* unlock_page __folio_lock* folio_unlock folio_end_* folio_mark_* folio_wait_* __filemap_get_folio add_to_page_cache_* delete_from_page_cache readahead_* page_cache_* wait_on_page_* end_page_writeback set_page_dirty* set_page_writeback mapping_* __set_page_dirty_* write_cache_pages writeback_iter',
      ),
      row(
        'include/linux/blkdev.h',
        'offers or uses block devices',
        'blk_* __blk_* bio_* __bio_* submit_bio submit_bio_* bdev_* blkdev_* bdget* bdput set_capacity* device_add_disk add_disk del_gendisk put_disk alloc_disk* __alloc_disk_node __blk_alloc_disk set_disk_ro disk_* invalidate_disk lookup_bdev register_blkdev __register_blkdev unregister_blkdev fs_bio_set bioset_* errno_to_blk_status blk_status_to_* sync_blockdev* elv_* iov_iter_* badblocks_* init_rwsem_bdev set_blocksize file_bdev',
      ),
      row(
        'include/linux/proc_fs.h',
        'shows entries in /proc',
        'proc_create* proc_mkdir* proc_remove remove_proc_* proc_symlink proc_set_size proc_set_user proc_get_parent_data PDE_DATA pde_data',
      ),
      row(
        'include/linux/seq_file.h',
        'writes the text of such entries',
        'seq_* __seq_* single_open* single_release mangle_path',
      ),
      row(
        'include/linux/sysctl.h',
        'offers settings in /proc/sys',
        'register_sysctl* __register_sysctl* unregister_sysctl_table proc_do* register_net_sysctl* unregister_net_sysctl_table sysctl_vals',
      ),
      row('include/linux/sysfs.h', 'shows entries in /sys', 'sysfs_* __sysfs_*'),
      row('include/linux/debugfs.h', 'shows entries in debugfs', 'debugfs_*'),
      row('include/linux/configfs.h', 'offers settings in configfs', 'configfs_* config_group_* config_item_*'),
      row(
        'include/linux/nls.h',
        'converts names between character sets',
        '__register_nls register_nls unregister_nls load_nls* unload_nls utf8s_to_utf16s utf16s_to_utf8s utf8_to_utf32 utf32_to_utf8',
      ),
      row('include/linux/exportfs.h', 'is exported over the network', 'exportfs_*'),
      row(
        'include/linux/quotaops.h',
        'counts what users occupy',
        'dquot_* __dquot_* register_quota_format unregister_quota_format dqget dqput',
      ),
      row('include/linux/fscrypt.h', 'encrypts files', 'fscrypt_* __fscrypt_*'),
    ],
  },
  {
    id: 'driver',
    title: 'Driver work',
    text: 'What drivers are made of: buses, devices, interrupts and the subsystems that they belong to.',
    weight: 'low',
    rows: [
      row('include/linux/usb.h', 'drives USB devices', 'usb_* __usb_*'),
      row('include/linux/pci.h', 'drives PCI devices', 'pci_* __pci_* pcim_* pcie_* pcix_* pcibios_*'),
      row('include/linux/i2c.h', 'drives devices on I2C', 'i2c_* __i2c_* devm_i2c_*'),
      row('include/linux/spi/spi.h', 'drives devices on SPI', 'spi_* __spi_* devm_spi_* __devm_spi_*'),
      row(
        'include/linux/platform_device.h',
        'drives devices of the platform',
        'platform_* __platform_* devm_platform_*',
      ),
      row(
        'include/linux/device.h',
        'offers devices',
        'device_* __device_* devm_* __devm_* dev_* _dev_* __dev_* devres_* get_device put_device driver_* bus_* class_* __class_* root_device_* __root_device_register put_driver __fw_devlink* fw_devlink* fwnode_* software_node_* subsys_* set_primary_fwnode',
      ),
      row('include/linux/kobject.h', 'offers devices', 'kobject_* kset_* add_uevent_var'),
      row('include/linux/acpi.h', 'uses the firmware (ACPI)', 'acpi_* is_acpi_* __acpi_*'),
      row('include/linux/of.h', 'reads the device tree', 'of_* __of_* irq_of_parse_and_map'),
      row('include/linux/regmap.h', 'reaches registers of devices', 'regmap_* __regmap_* regcache_*'),
      row(
        'include/linux/interrupt.h',
        'handles interrupts',
        'request_threaded_irq request_any_context_irq free_irq enable_irq disable_irq* irq_* __irq_* synchronize_irq* tasklet_* __tasklet_* probe_irq_* handle_* generic_handle_* no_action',
      ),
      row(
        'include/linux/dma-mapping.h',
        'lets devices reach memory',
        'dma_* __dma_* dmam_* dmaengine_* swiotlb_* sg_* __sg_* iommu_* intel_iommu_*',
      ),
      row(
        'include/linux/io.h',
        'reaches registers of devices',
        'ioremap* iounmap ioread* iowrite* memcpy_fromio memcpy_toio memset_io __iowrite* __ioread* ioport_* memremap memunmap arch_phys_wc_* arch_io_* __ioremap* pcim_iomap* iomem_resource __request_region __release_region request_resource release_resource insert_resource* allocate_resource adjust_resource',
      ),
      row(
        'include/linux/firmware.h',
        'loads firmware',
        'request_firmware* release_firmware firmware_request_* request_partial_firmware_*',
      ),
      row(
        'include/linux/pm_runtime.h',
        'saves power',
        'pm_* __pm_* system_power_* register_pm_notifier unregister_pm_notifier suspend_* hibernat* power_supply_* dev_pm_*',
      ),
      row(
        'include/linux/clk.h',
        'switches clocks, voltages and lines',
        'clk_* __clk_* regulator_* gpio_* gpiod_* gpiochip_* reset_control_* phy_* pwm_* pinctrl_* extcon_* mbox_* nvmem_* rtc_* watchdog_* thermal_* cpufreq_* led_* hwmon_* leds_*',
      ),
      row(
        'include/linux/hid.h',
        'drives input devices',
        'hid_* __hid_* hidinput_* hidraw_* input_* serio_* __serio_* ps2_* sparse_keymap_* rc_* ir_raw_* ir_lirc_* touchscreen_* gameport_* __gameport_*',
      ),
      row('include/sound/core.h', 'drives sound cards', 'snd_* __snd_* _snd_* sdw_* hda_* hdac_*'),
      row(
        'include/media/v4l2-device.h',
        'drives cameras, tuners and video devices',
        'v4l2_* __v4l2_* video_* __video_* vb2_* __vb2_* media_* __media_* dvb_* cec_* videobuf_* gspca_* tveeprom_* saa7146_*',
      ),
      row(
        'include/drm/drm_device.h',
        'drives graphics cards',
        'drm_* __drm_* drmm_* devm_drm_* ttm_* fb_* framebuffer_* register_framebuffer unregister_framebuffer cfb_* sys_copyarea sys_fillrect sys_imageblit backlight_* hdmi_* gpu_* vga_* mipi_*',
      ),
      row('include/linux/iio/iio.h', 'drives sensors', 'iio_* __iio_* counter_*'),
      row(
        'include/scsi/scsi_host.h',
        'drives disks and their controllers',
        'scsi_* __scsi_* ata_* __ata_* sata_* sas_* fc_* iscsi_* nvme_* mmc_* __mmc_* sdhci_* mtd_* __mtd_* nand_* nvdimm_* cdrom_* sdev_* starget_* int_to_scsilun',
      ),
      row(
        'include/linux/tty.h',
        'offers serial lines',
        'tty_* __tty_* uart_* serial8250_* serdev_* n_tty_* console_* register_console unregister_console do_unregister_con_driver',
      ),
      row(
        'include/linux/cdev.h',
        'offers a file in /dev',
        'cdev_* alloc_chrdev_region register_chrdev_region unregister_chrdev_region __register_chrdev __unregister_chrdev misc_register misc_deregister miscdevice*',
      ),
      row(
        'include/linux/netdevice.h',
        'drives network cards',
        'alloc_netdev* alloc_etherdev* devm_alloc_etherdev* free_netdev register_netdev* unregister_netdev* netif_* __netif_* netdev_* __netdev_* napi_* __napi_* eth_* ether_setup ethtool_* dql_* passthru_features_check init_net',
      ),
      row(
        'include/linux/skbuff.h',
        'handles packets',
        'skb_* __skb_* ___skb_* pskb_* __pskb_* ___pskb_* kfree_skb* consume_skb __alloc_skb __kfree_skb build_skb* alloc_skb_* napi_alloc_skb* __build_skb csum_*',
      ),
      row(
        'include/linux/phy.h',
        'drives network cards',
        'mdiobus_* __mdiobus_* mdio_* of_mdio* genphy_* phylink_* mii_* dsa_* devlink_* devl_* ptp_* xdp_* bpf_*',
      ),
      row(
        'include/net/mac80211.h',
        'drives radio',
        'ieee80211_* cfg80211_* wiphy_* regulatory_* rfkill_* lib80211_* hci_* bt_accept_* bt_debugfs bt_err bt_info bt_warn bt_procfs_* bt_sock_* bt_to_errno bt_status baswap nfc_* nci_* can_* alloc_can* register_candev unregister_candev close_candev open_candev ath_* mt76* rt2x00* rtw_*',
      ),
      row(
        'include/net/sock.h',
        'is part of the network stack',
        'sk_* __sk_* sock_* __sock_* proto_* lock_sock* release_sock dst_* ip_* __ip_* ip6_* ipv6_* __ipv6_* inet_* inet6_* udp_* tcp_* icmp_* __icmp_* icmpv6_* ndisc_* neigh_* __neigh_* fib_* fib6_* rtnl_* __rtnl_* rtm_* nla_* __nla_* nlmsg_* __nlmsg_* nf_* nft_* xt_* ipt_* ip6t_* register_qdisc unregister_qdisc qdisc_* tcf_* register_pernet_* unregister_pernet_* net_* __put_net get_net* xfrm_* __xfrm_* svc_* rpc_* xprt_* cache_* ceph_* vlan_* switchdev_* ib_* rdma_*',
      ),
      row('include/linux/comedi/comedidev.h', 'drives measuring devices', 'comedi_* __comedi_* range_* subdev_8255_*'),
      row('include/pcmcia/ds.h', 'drives PCMCIA cards', 'pcmcia_*'),
      row('include/linux/mfd/core.h', 'drives chips of several functions', 'mfd_* __mfd_*'),
      row(
        'include/linux/kvm_host.h',
        'runs virtual machines',
        'kvm_* __kvm_* vfio_* vhost_* virtio_* virtqueue_* __virtio_* vmbus_* __vmbus_* hv_* xen_* xenbus_* vmci_* hypercall_* vring_*',
      ),
      row(
        'include/linux/dmi.h',
        'asks which machine it is',
        'dmi_* x86_match_cpu boot_cpu_data cpu_info cc_platform_has',
      ),
      row(
        'include/trace/trace_events.h',
        'offers trace events',
        'trace_* __trace_* perf_trace_* bpf_trace_run* __tracepoint_* __SCK__tp_func_* __SCT__tp_func_* __traceiter_* event_triggers_call ftrace_likely_update unregister_trace_event register_trace_event do_trace_*',
      ),
      row(
        'include/linux/notifier.h',
        'is told of events',
        'atomic_notifier_* blocking_notifier_* raw_notifier_* srcu_notifier_* register_reboot_notifier unregister_reboot_notifier panic_notifier_list register_netevent_notifier unregister_netevent_notifier register_inetaddr_notifier unregister_inetaddr_notifier register_inet6addr_notifier unregister_inet6addr_notifier register_netdevice_notifier* unregister_netdevice_notifier*',
      ),
    ],
  },
  {
    id: 'runtime',
    title: 'Runtime',
    text: 'What nearly every module needs: memory, locks, time, text.',
    weight: 'low',
    rows: [
      row(
        'include/linux/slab.h',
        'memory',
        'kmalloc* __kmalloc* kfree kfree_sensitive kvfree* kzalloc* krealloc* kmem_cache_* kmem_* __kmem_cache_* kvmalloc* __kvmalloc* kvrealloc* ksize kmemdup* kstrdup* kstrndup kvasprintf kasprintf vmalloc* __vmalloc* vzalloc* vfree vmap vunmap is_vmalloc_addr alloc_pages* __alloc_pages* __free_pages free_pages __get_free_pages get_zeroed_page* get_free_pages* alloc_percpu* __alloc_percpu* free_percpu* mempool_* __folio_* folio_* put_page __put_page vm_* __vm_* remap_* zap_* set_page_* split_page page_* __page_* __put_devmap_managed_page* devmap_managed_key pcpu_* percpu_* gen_pool_* dma_pool_* register_shrinker unregister_shrinker shrinker_* si_meminfo nr_free_buffer_pages totalram_pages _totalram_pages high_memory mem_map max_mapnr contig_page_data node_data unpin_user_page* pin_user_pages get_user_pages get_user_pages_fast pin_user_pages_fast vmf_insert_* memdup_user* vmemdup_user strndup_user hugetlb_optimize_vmemmap_key find_vma* empty_zero_page zero_pfn vm_get_page_prot',
      ),
      row(
        'include/linux/mutex.h',
        'locks',
        'mutex_* __mutex_* _raw_* __raw_* down down_* up up_* __down_* __up_* __init_rwsem ww_mutex_* rt_mutex_* __rt_* rt_spin_* spin_* queued_* native_queued_* __rcu_* rcu_* call_rcu* synchronize_* __srcu_* srcu_* init_srcu_struct cleanup_srcu_struct lockref_* refcount_* percpu_down_* atomic_* __ww_* _atomic_* bit_wait* wake_up_bit wake_up_var out_of_line_wait_* __wait_on_bit* lock_* __might_* seqcount_*',
      ),
      row(
        'include/linux/wait.h',
        'waiting and threads',
        'complete complete_* completion_done __wake_up* wake_up_* wait_* __wait_* prepare_to_* finish_wait init_wait_* add_wait_* remove_wait_queue autoremove_wake_function default_wake_function woken_wake_function __init_waitqueue_head __init_swait_queue_head swake_* schedule schedule_* __schedule* yield cond_resched* __cond_* io_schedule* kthread_* __kthread_* to_kthread current_task get_current cpu_current* const_current_task const_pcpu_hot pcpu_hot queue_* __queue_* flush_* __flush_* cancel_* delayed_work_* mod_delayed_* destroy_workqueue alloc_workqueue* alloc_ordered_* drain_* workqueue_* work_* system_wq system_long_wq system_unbound_wq system_highpri_wq system_freezable_wq system_power_efficient_wq system_percpu_wq system_dfl_wq init_task_pid dynamic_* async_* static_key_* static_* jump_label_* __static_call_* __SCT__might_resched __SCT__cond_resched __SCT__preempt_* __SCK__* preempt_* __preempt_* tasklet_unlock_wait cpus_read_* cpu_* __cpu_* cpuhp_* __cpuhp_* smp_call_* on_each_cpu* nr_cpu_ids numa_node __num_online_cpus node_* __per_cpu_offset this_cpu_off num_* irq_work_* poll_* eventfd_*',
      ),
      row(
        'include/linux/timer.h',
        'time',
        'jiffies* __jiffies* add_timer* mod_timer* del_timer* timer_* init_timer_* try_to_del_* round_jiffies* __round_jiffies* msleep* usleep_* ssleep fsleep __udelay __ndelay __const_udelay udelay ktime_* get_jiffies_* hrtimer_* ns_to_* timespec* set_normalized_* do_gettimeofday getboottime* clock_t_* time64_* mktime64 nsecs_to_* msecs_* __msecs_* usecs_* __usecs_* sched_clock tsc_khz cyclecounter_* timecounter_* alarm_* native_sched_clock clockevents_* clocksource_* clockid*',
      ),
      row(
        'include/linux/string.h',
        'text and bytes',
        'mem* __mem* str* __str* snprintf sprintf scnprintf vsnprintf vsprintf vscnprintf sscanf vsscanf kstrto* _kstrto* simple_str* match_* hex* bin2hex bcmp crc* __crc* sort sort_r bsearch list_sort _ctype get_option* next_arg parse_* glob_match sized_* argv_* __sw_hweight* __bitmap_* bitmap_* _find_* find_* __find_* int_sqrt* gcd lcm div64_* __div64_* byte_rev_table bitrev* mul_u64_* rational_* uuid_* guid_* __uuid_* print_hex_dump* utf8_* ucs2_* __list_add_valid* __list_del_* __list_valid* textsearch_* lzo* lz4* LZ4* zlib_* zstd_* xxh* xxhash* siphash* jhash* hsiphash* half_md4* mac_pton __ubsan_* klist_* llist_* cordic_* reed_* decode_rs* encode_rs* init_rs* free_rs* base64_* plist_*',
      ),
      row(
        'include/linux/rbtree.h',
        'containers',
        'rb_* __rb_* radix_tree_* idr_* ida_* xa_* __xa_* xas_* rhashtable_* __rht_* rht_* rhltable_* interval_tree_* kfifo_* __kfifo_* btree_* assoc_array_* mas_* mt_find mt_find_after mt_next mt_prev mtree_* maple_* lru_* list_lru_* timerqueue_* sbitmap_* stack_depot_* ref_tracker_* closure_* objpool_*',
      ),
      row(
        'include/linux/printk.h',
        'messages',
        '_printk printk* __printk_* vprintk* _printk_* __warn_* dump_stack* ___ratelimit __dynamic_* __ratelimit net_ratelimit panic oops_* warn_slowpath_* __pr_* add_taint_module* seq_buf_*',
      ),
      row(
        'include/linux/uaccess.h',
        'bytes from and to the program that calls',
        '_copy_* __copy_* copy_* raw_copy_* __put_user* __get_user* clear_user __clear_user _clear_user access_ok __check_object_size usercopy_* check_zeroed_user import_* strnlen_user strncpy_from_user iov_iter_* csum_and_copy_* rep_movs_alternative rep_stos_alternative compat_ptr_ioctl fault_in_* user_access_*',
      ),
      row(
        'include/linux/capability.h',
        'asks what the caller may do',
        'capable ns_capable ns_capable_noaudit file_ns_capable capable_wrt_inode_uidgid has_capability* sk_capable inode_owner_or_capable inode_permission init_user_ns make_kuid make_kgid make_kprojid from_kuid* from_kgid* from_kprojid* __put_cred __put_user_ns overflowuid overflowgid in_group_p in_egroup_p groups_* current_umask put_user_ns current_user_ns security_*',
      ),
      row(
        'include/linux/moduleparam.h',
        'parameters and modules',
        'param_* module_put try_module_get __module_get __module_put_* __request_module __symbol_get __symbol_put symbol_put_addr module_refcount __this_module module_layout',
      ),
      row(
        'include/linux/random.h',
        'random numbers',
        'get_random_* __get_random_* prandom_* add_device_randomness add_hwgenerator_* add_interrupt_* wait_for_random_bytes rng_is_initialized hwrng_* devm_hwrng_* randomize_*',
      ),
      row(
        'arch/x86/include/asm/nospec-branch.h',
        'made by the compiler and the linker',
        '__fentry__ __x86_* __stack_chk_* fortify_panic __fortify_* __fortify_panic mcount _mcount __gnu_mcount_nc __sanitizer_* __asan_* __cfi_* __kcfi_* retpoline_* __SCT__* __kasan_* __kcsan_* __tsan_* __warn_* __ref_stack_chk_guard ftrace_* _dl_* __aeabi_*',
      ),
      row(
        'arch/x86/include/asm/processor.h',
        'the processor',
        'kernel_fpu_* irq_fpu_usable cpu_* pv_ops* phys_base page_offset_base vmemmap_base vmalloc_base physical_mask sme_* rdmsr* wrmsr* native_* x86_* amd_* topology_* set_memory_* clflush_* wbinvd_* mtrr_* iosf_* cachemode2protval __default_kernel_pte_mask __supported_pte_mask __pte2cachemode_tbl arm64_* ioasid_* elfcorehdr_* system_state screen_info convert_art_* alternatives_*',
      ),
    ],
  },
];
