// SPDX-License-Identifier: MIT
/* Takes parameters of several types and says what it got. */
#include <linux/module.h>
#include <linux/moduleparam.h>

static int count = 1;
static bool loud;
static char *who = "nobody";
static int numbers[4];
static int numbers_given;

module_param(count, int, 0444);
MODULE_PARM_DESC(count, "how often to say it");
module_param(loud, bool, 0644);
MODULE_PARM_DESC(loud, "say it with emphasis");
module_param(who, charp, 0444);
MODULE_PARM_DESC(who, "whom to greet");
module_param_array(numbers, int, &numbers_given, 0);
MODULE_PARM_DESC(numbers, "up to four numbers");

static int __init mt_params_init(void)
{
    pr_info("mt_params: count=%d loud=%d who=%s numbers=%d\n", count, loud, who, numbers_given);
    return 0;
}

static void __exit mt_params_exit(void)
{
}

module_init(mt_params_init);
module_exit(mt_params_exit);
MODULE_DESCRIPTION("Modtrail test module: parameters");
MODULE_VERSION("1.2");
MODULE_LICENSE("GPL");
