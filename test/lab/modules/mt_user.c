// SPDX-License-Identifier: MIT
/* Needs a symbol of mt_base. */
#include <linux/module.h>

extern int mt_base_answer(void);

static int __init mt_user_init(void)
{
    pr_info("mt_user: %d\n", mt_base_answer());
    return 0;
}

static void __exit mt_user_exit(void)
{
}

module_init(mt_user_init);
module_exit(mt_user_exit);
MODULE_DESCRIPTION("Modtrail test module: depends on mt_base");
MODULE_LICENSE("GPL");
