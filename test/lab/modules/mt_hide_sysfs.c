// SPDX-License-Identifier: MIT
/*
 * Takes itself off the kernel's list of modules and out of sysfs. The kernel still knows whose memory its code is: by the
 * tree in which it looks addresses up.
 */
#include <linux/delay.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct delayed_work later;

/* When init runs the kernel has not yet announced the folder (do_init_module), so that it must wait. */
static void hide(struct work_struct *work)
{
    list_del_init(&THIS_MODULE->list);
    kobject_del(&THIS_MODULE->mkobj.kobj);
}

static int __init mt_hide_sysfs_init(void)
{
    INIT_DELAYED_WORK(&later, hide);
    schedule_delayed_work(&later, msecs_to_jiffies(300));
    return 0;
}

module_init(mt_hide_sysfs_init);
MODULE_DESCRIPTION("Modtrail test module: neither in the list nor in sysfs");
MODULE_LICENSE("GPL");
