// SPDX-License-Identifier: MIT
/* Has no exit function: the kernel never lets it go. */
#include <linux/module.h>

static int __init mt_noexit_init(void)
{
    return 0;
}

module_init(mt_noexit_init);
MODULE_DESCRIPTION("Modtrail test module: cannot be unloaded");
MODULE_LICENSE("GPL");
