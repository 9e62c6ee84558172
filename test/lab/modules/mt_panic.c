// SPDX-License-Identifier: MIT
/* Its init never returns: it takes the whole kernel with it. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned int after_ms = 1000;
module_param(after_ms, uint, 0444);
MODULE_PARM_DESC(after_ms, "milliseconds that init waits before");

static int __init mt_panic_init(void)
{
    if (after_ms)
        msleep(after_ms);
    panic("mt_panic: as it was told");
    return 0;
}

static void __exit mt_panic_exit(void)
{
}

module_init(mt_panic_init);
module_exit(mt_panic_exit);
MODULE_DESCRIPTION("Modtrail test module: init ends the kernel");
MODULE_LICENSE("GPL");
