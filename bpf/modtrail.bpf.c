/* SPDX-License-Identifier: MIT */
/* The kernel side in one object, so that its programs share their maps. One hook topic a file. */
#include "calls-compat.bpf.h"
#include "calls-fentry.bpf.h"
#include "calls-multi.bpf.h"
#include "calls-raw.bpf.h"
#include "calls-tracepoint.bpf.h"
#include "image.bpf.h"
#include "module.bpf.h"
#include "parameters.bpf.h"
#include "thread.bpf.h"
#include "views.bpf.h"

/* The helpers used are offered only to programs under this licence; the rest of the project is MIT. */
char module_license[] SEC("license") = "Dual MIT/GPL";
