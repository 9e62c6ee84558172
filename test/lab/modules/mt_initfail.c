// SPDX-License-Identifier: MIT
/* Its init runs, and fails with the error given. */
#include <linux/module.h>
#include <linux/moduleparam.h>

static int error = 19; /* ENODEV */
module_param(error, int, 0444);
MODULE_PARM_DESC(error, "the errno that init fails with");

static int __init mt_initfail_init(void)
{
    pr_info("mt_initfail: failing with %d\n", error);
    return -error;
}

static void __exit mt_initfail_exit(void)
{
}

module_init(mt_initfail_init);
module_exit(mt_initfail_exit);
MODULE_DESCRIPTION("Modtrail test module: init fails");
MODULE_LICENSE("GPL");
