/* SPDX-License-Identifier: MIT */
/* A file as the kernel sees it: from struct file to the inode's facts and the path up to the namespace's root. */
#ifndef MODTRAIL_FILE_BPF_H
#define MODTRAIL_FILE_BPF_H

#include "maps.bpf.h"

/* Walks dentries and mounts from the leaf to the root, each name ended by NUL; user space turns them round. */
static __always_inline void put_path(struct scratch *s, u8 *data, struct file_record *record, struct file *file)
{
    struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
    struct vfsmount *vfsmount = BPF_CORE_READ(file, f_path.mnt);
    struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
    volatile u32 *used = &s->used;
    volatile u32 *components = &s->components;
    u32 start = *used & DATA_MASK;
    u32 i;

    *components = 0;
    record->path.offset = start;
    record->path.state = READ_CUT;
    for (i = 0; i < PATH_COMPONENT_LIMIT; i++) {
        struct dentry *root = BPF_CORE_READ(mount, mnt.mnt_root);
        struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

        if (dentry == root) {
            struct mount *above = BPF_CORE_READ(mount, mnt_parent);

            if (above == mount) {
                record->path.state = READ_WHOLE;
                break;
            }
            dentry = BPF_CORE_READ(mount, mnt_mountpoint);
            mount = above;
        } else {
            const unsigned char *name;
            u32 offset = *used & DATA_MASK;
            long got;

            if (dentry == parent && *components) {
                record->path.state = READ_WHOLE;
                break;
            }
            name = BPF_CORE_READ(dentry, d_name.name);
            got = bpf_probe_read_kernel_str(data + offset, 256, name);
            if (got <= 0)
                break;
            *used = offset + (u32)got;
            *components = *components + 1;
            if (dentry == parent) {
                record->path.state = READ_WHOLE;
                break;
            }
            if (*used - start > PATH_LIMIT)
                break;
            dentry = parent;
        }
    }
    record->path.length = *used - start;
    record->components = *components;
}

static __always_inline void put_modification_time(struct file_record *record, struct inode *inode)
{
    struct inode___upto66 *upto66 = (void *)inode;
    struct inode___upto610 *upto610 = (void *)inode;
    struct inode___later *later = (void *)inode;

    if (bpf_core_field_exists(upto66->i_mtime)) {
        record->mtime_seconds = BPF_CORE_READ(upto66, i_mtime.tv_sec);
        record->mtime_nanoseconds = (u32)BPF_CORE_READ(upto66, i_mtime.tv_nsec);
    } else if (bpf_core_field_exists(upto610->__i_mtime)) {
        record->mtime_seconds = BPF_CORE_READ(upto610, __i_mtime.tv_sec);
        record->mtime_nanoseconds = (u32)BPF_CORE_READ(upto610, __i_mtime.tv_nsec);
    } else {
        record->mtime_seconds = BPF_CORE_READ(later, i_mtime_sec);
        record->mtime_nanoseconds = BPF_CORE_READ(later, i_mtime_nsec);
    }
}

static __always_inline void clear_file(struct file_record *record)
{
    __builtin_memset(record, 0, sizeof(*record));
}

static __noinline int put_file(struct scratch *s, u8 *data, struct file_record *record, struct file *file)
{
    struct inode *inode = BPF_CORE_READ(file, f_inode);
    struct super_block *super = BPF_CORE_READ(inode, i_sb);
    const char *fs_name = BPF_CORE_READ(super, s_type, name);

    record->present = 1;
    record->inode = BPF_CORE_READ(inode, i_ino);
    record->size = BPF_CORE_READ(inode, i_size);
    record->device = BPF_CORE_READ(super, s_dev);
    record->fs_magic = BPF_CORE_READ(super, s_magic);
    record->links = BPF_CORE_READ(inode, i_nlink);
    record->mode = BPF_CORE_READ(inode, i_mode);
    record->uid = BPF_CORE_READ(inode, i_uid.val);
    record->gid = BPF_CORE_READ(inode, i_gid.val);
    record->open_flags = BPF_CORE_READ(file, f_flags);
    bpf_probe_read_kernel_str(record->fs_name, sizeof(record->fs_name), fs_name);
    put_modification_time(record, inode);
    put_path(s, data, record, file);
    return 0;
}

/* The file behind a descriptor of the current task, NULL if there is none. */
static __always_inline struct file *file_of_descriptor(struct task_struct *task, u32 descriptor)
{
    struct fdtable *table = BPF_CORE_READ(task, files, fdt);
    struct file **files;
    struct file *file = 0;

    if (descriptor >= BPF_CORE_READ(table, max_fds))
        return 0;
    files = BPF_CORE_READ(table, fd);
    bpf_probe_read_kernel(&file, sizeof(file), files + descriptor);
    return file;
}

#endif
