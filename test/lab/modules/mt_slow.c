// SPDX-License-Identifier: MIT
/* Its init takes as long as it is told. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned int ms = 1500;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "milliseconds that init takes");

static int __init mt_slow_init(void)
{
    msleep(ms);
    return 0;
}

static void __exit mt_slow_exit(void)
{
}

module_init(mt_slow_init);
module_exit(mt_slow_exit);
MODULE_DESCRIPTION("Modtrail test module: init takes long");
MODULE_LICENSE("GPL");
