/** A thread of the store process that helps with one capture. */
import { workerData } from 'node:worker_threads';
import { serve } from '#core/helper/serve.ts';
import type { HelperData } from '#core/helper/thread.ts';

serve(workerData as HelperData);
