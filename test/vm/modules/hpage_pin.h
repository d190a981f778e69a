/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef HPAGE_PIN_H
#define HPAGE_PIN_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* A buffer of the calling process, which is pinned from here on. */
struct hpage_pin {
	/* Where it begins and how long it is: whole base pages. */
	__u64 address;
	__u64 bytes;
	/* Address of an array that takes the frame number of each base page of the buffer. */
	__u64 frames;
	/* Answered: by what it is released, and how many runs of consecutive frames it has. */
	__u32 id;
	__u32 runs;
};

#define HPAGE_PIN _IOWR('H', 0x40, struct hpage_pin)

/* The argument is the id of what is released, or 0 for all there is. */
#define HPAGE_UNPIN _IO('H', 0x41)

#endif
