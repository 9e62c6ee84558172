/** The version magic, taken apart (include/linux/vermagic.h: VERMAGIC_STRING). */
import type { Vermagic } from '#contract/inspect.ts';

export function readVermagic(text: string): Vermagic {
  const [release = '', ...flags] = text.split(' ').filter((word) => word !== '');
  const others: string[] = [];
  let preempt: string | undefined;
  for (const flag of flags) {
    if (flag === 'preempt' || flag === 'preempt_rt') preempt = flag;
    else if (!['SMP', 'mod_unload', 'modversions'].includes(flag)) others.push(flag);
  }
  return {
    text,
    release,
    flags,
    smp: flags.includes('SMP'),
    ...(preempt === undefined ? {} : { preempt }),
    unload: flags.includes('mod_unload'),
    modversions: flags.includes('modversions'),
    others,
  };
}
