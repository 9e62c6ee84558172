/* SPDX-License-Identifier: MIT */
/*
 * The kernel's structures, as far as they are read here. Offsets are resolved on the running kernel (CO-RE), so only
 * names and types matter. `NAME___word` is a second view of NAME for fields that moved between kernels.
 */
#ifndef MODTRAIL_KERNEL_H
#define MODTRAIL_KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;
typedef long long loff_t;
typedef _Bool bool;
#define true 1
#define false 0

/* Values of the kernel's BPF interface (uapi linux/bpf.h). */
enum {
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_PROG_ARRAY = 3,
    BPF_MAP_TYPE_QUEUE = 22,
    BPF_MAP_TYPE_RINGBUF = 27,
    BPF_ANY = 0,
    BPF_NOEXIST = 1,
    BPF_EXIST = 2,
    BPF_F_MMAPABLE = 1024,
    BPF_RB_AVAIL_DATA = 0,
    BPF_RB_RING_SIZE = 1,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
    u32 val;
} kuid_t;
typedef struct {
    u32 val;
} kgid_t;

struct ns_common {
    unsigned int inum;
};
struct mnt_namespace {
    struct ns_common ns;
};
struct pid_namespace {
    struct ns_common ns;
};
struct user_namespace {
    struct ns_common ns;
};
struct net {
    struct ns_common ns;
};
struct nsproxy {
    struct mnt_namespace *mnt_ns;
    struct net *net_ns;
};
struct upid {
    int nr;
    struct pid_namespace *ns;
};
struct pid {
    unsigned int level;
    struct upid numbers[1];
};

struct qstr {
    u64 hash_len;
    const unsigned char *name;
};
struct file_system_type {
    const char *name;
};
struct super_block {
    u32 s_dev;
    unsigned long s_magic;
    struct file_system_type *s_type;
};
struct timespec64 {
    s64 tv_sec;
    long tv_nsec;
};
struct inode {
    u16 i_mode;
    kuid_t i_uid;
    kgid_t i_gid;
    struct super_block *i_sb;
    unsigned long i_ino;
    unsigned int i_nlink;
    loff_t i_size;
};
struct inode___upto66 {
    struct timespec64 i_mtime;
};
struct inode___upto610 {
    struct timespec64 __i_mtime;
};
struct inode___later {
    s64 i_mtime_sec;
    u32 i_mtime_nsec;
};
struct dentry {
    struct dentry *d_parent;
    struct qstr d_name;
};
struct vfsmount {
    struct dentry *mnt_root;
};
struct mount {
    struct mount *mnt_parent;
    struct dentry *mnt_mountpoint;
    struct vfsmount mnt;
};
struct path {
    struct vfsmount *mnt;
    struct dentry *dentry;
};
struct file {
    struct path f_path;
    struct inode *f_inode;
    unsigned int f_flags;
};
struct fdtable {
    unsigned int max_fds;
    struct file **fd;
};
struct files_struct {
    struct fdtable *fdt;
};

struct kernfs_node {
    const char *name;
};
struct kernfs_node___upto614 {
    struct kernfs_node *parent;
};
struct kernfs_node___later {
    struct kernfs_node *__parent;
};
struct cgroup {
    struct kernfs_node *kn;
};
struct css_set {
    struct cgroup *dfl_cgrp;
};

/* kernel_cap_t: two u32 up to 6.2, one u64 from 6.3, the same eight bytes. */
struct capability_set {
    u64 set;
};
struct cred {
    kuid_t uid;
    kgid_t gid;
    kuid_t euid;
    kgid_t egid;
    struct capability_set cap_permitted;
    struct capability_set cap_effective;
    struct capability_set cap_bset;
    struct user_namespace *user_ns;
};
struct mm_struct {
    unsigned long arg_start;
    unsigned long arg_end;
    struct file *exe_file;
};
struct thread_info {
    u32 status;
};
struct task_struct {
    struct thread_info thread_info;
    int pid;
    int tgid;
    struct task_struct *real_parent;
    struct task_struct *group_leader;
    u64 start_boottime;
    u64 self_exec_id;
    const struct cred *cred;
    char comm[16];
    struct nsproxy *nsproxy;
    struct pid *thread_pid;
    struct mm_struct *mm;
    struct files_struct *files;
    struct css_set *cgroups;
};
struct task_struct___audit {
    kuid_t loginuid;
    unsigned int sessionid;
};

struct list_head {
    struct list_head *next;
    struct list_head *prev;
};
enum module_state {
    MODULE_STATE_LIVE = 0,
};
struct module {
    enum module_state state;
    struct list_head list;
    char name[56];
    const char *version;
    const char *srcversion;
    unsigned int num_kp;
    unsigned long taints;
};
struct module___signed {
    bool sig_ok;
};
struct module_layout {
    void *base;
    unsigned int size;
};
struct module___upto63 {
    struct module_layout core_layout;
    struct module_layout init_layout;
};
struct module_memory {
    void *base;
    unsigned int size;
};
struct module___later {
    struct module_memory mem[7];
};

struct kobject {
    struct list_head entry;
};
struct kset {
    struct list_head list;
};
struct module_kobject {
    struct kobject kobj;
    struct module *mod;
};
struct rb_node {
    unsigned long __rb_parent_color;
    struct rb_node *rb_right;
    struct rb_node *rb_left;
};
struct rb_root {
    struct rb_node *rb_node;
};
struct seqcount {
    unsigned int sequence;
};
struct latch_tree_root {
    struct {
        struct seqcount seqcount;
    } seq;
    struct rb_root tree[2];
};
struct latch_tree_node {
    struct rb_node node[2];
};
struct mod_tree_node {
    struct module *mod;
    struct latch_tree_node node;
};
struct mod_tree_root {
    struct latch_tree_root root;
};

struct pt_regs {
    unsigned long bx;
    unsigned long cx;
    unsigned long dx;
    unsigned long si;
    unsigned long di;
    unsigned long ax;
    unsigned long orig_ax;
};

#pragma clang attribute pop

/* Values move between kernels; the running kernel's are asked for (CO-RE). */
enum kernel_read_file_id {
    READING_MODULE = 2,
};
enum kernel_read_file_id___later {
    READING_MODULE_COMPRESSED = 7,
};
enum kernel_load_data_id {
    LOADING_MODULE = 2,
};

/* Contexts of syscall tracepoints (tracefs events/syscalls/.../format). */
struct syscall_enter_context {
    u64 common;
    s64 number;
    u64 argument[6];
};
struct syscall_exit_context {
    u64 common;
    s64 number;
    s64 value;
};

/* Context of a kprobe on x86-64: the registers as they are pushed (arch/x86/include/asm/ptrace.h). */
struct probe_context {
    u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};

#endif
