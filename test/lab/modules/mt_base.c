// SPDX-License-Identifier: MIT
/* Offers a symbol that mt_user needs. */
#include <linux/module.h>

int mt_base_answer(void)
{
    return 42;
}
EXPORT_SYMBOL_GPL(mt_base_answer);

static int __init mt_base_init(void)
{
    return 0;
}

static void __exit mt_base_exit(void)
{
}

module_init(mt_base_init);
module_exit(mt_base_exit);
MODULE_DESCRIPTION("Modtrail test module: offers a symbol");
MODULE_LICENSE("GPL");
