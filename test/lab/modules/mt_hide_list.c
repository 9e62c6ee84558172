// SPDX-License-Identifier: MIT
/*
 * Takes itself off the kernel's list of modules, and so out of /proc/modules and /proc/kallsyms. Its folder in sysfs
 * stays. It cannot be removed any more: delete_module does not find it.
 */
#include <linux/list.h>
#include <linux/module.h>

static int __init mt_hide_list_init(void)
{
    list_del_init(&THIS_MODULE->list);
    return 0;
}

module_init(mt_hide_list_init);
MODULE_DESCRIPTION("Modtrail test module: not in the list");
MODULE_LICENSE("GPL");
