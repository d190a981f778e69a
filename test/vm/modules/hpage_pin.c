// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that pins buffers of programs and does not let them go by itself: /dev/hpage_pin.
 *
 * It does what one does that has its device write into the memory of a program, and forgets what a
 * good one remembers: what was pinned stays so after munmap, after close and after the process,
 * until it is asked to release it. The module cannot be unloaded before that.
 *
 * Nothing is counted against RLIMIT_MEMLOCK: only root can open the device, and the one who would
 * be charged can be gone.
 */

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "hpage_pin.h"

struct pinned {
	struct list_head list;
	u32 id;
	unsigned long count;
	struct page *pages[];
};

static LIST_HEAD(all_pinned);
static u32 last_id;
/* For both of the above. */
static DEFINE_MUTEX(lock);

static void unpin(struct pinned *pinned)
{
	unpin_user_pages_dirty_lock(pinned->pages, pinned->count, true);
	kvfree(pinned);
	module_put(THIS_MODULE);
}

/* The kernel may pin fewer pages than it was asked for, and then wants to be asked again. */
static int pin_all(struct pinned *pinned, unsigned long address, unsigned long wanted)
{
	while (pinned->count < wanted) {
		const unsigned long start = address + (pinned->count << PAGE_SHIFT);
		const int got = pin_user_pages_fast(start, wanted - pinned->count,
						    FOLL_WRITE | FOLL_LONGTERM,
						    pinned->pages + pinned->count);

		if (got <= 0)
			return got ? got : -EFAULT;
		pinned->count += got;
	}
	return 0;
}

/* A device that reads and writes physical memory needs a descriptor for each of these. */
static u32 runs_of(const struct pinned *pinned)
{
	u32 runs = 1;
	unsigned long i;

	for (i = 1; i < pinned->count; i++)
		if (page_to_pfn(pinned->pages[i]) != page_to_pfn(pinned->pages[i - 1]) + 1)
			runs++;
	return runs;
}

static int tell_frames(const struct pinned *pinned, u64 __user *frames)
{
	unsigned long i;

	for (i = 0; i < pinned->count; i++)
		if (put_user((u64)page_to_pfn(pinned->pages[i]), frames + i))
			return -EFAULT;
	return 0;
}

static int tell(const struct pinned *pinned, struct hpage_pin *request,
		struct hpage_pin __user *argument)
{
	request->id = pinned->id;
	request->runs = runs_of(pinned);
	if (tell_frames(pinned, u64_to_user_ptr(request->frames)))
		return -EFAULT;
	return copy_to_user(argument, request, sizeof(*request)) ? -EFAULT : 0;
}

static long pin_buffer(struct hpage_pin __user *argument)
{
	struct hpage_pin request;
	struct pinned *pinned;
	long error;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (!PAGE_ALIGNED(request.address) || !PAGE_ALIGNED(request.bytes))
		return -EINVAL;
	if (request.bytes == 0 || request.bytes > SZ_1G)
		return -EINVAL;
	pinned = kvzalloc(struct_size(pinned, pages, request.bytes >> PAGE_SHIFT), GFP_KERNEL);
	if (!pinned)
		return -ENOMEM;
	__module_get(THIS_MODULE);
	error = pin_all(pinned, request.address, request.bytes >> PAGE_SHIFT);
	if (error)
		goto failed;
	mutex_lock(&lock);
	pinned->id = ++last_id;
	error = tell(pinned, &request, argument);
	if (!error)
		list_add(&pinned->list, &all_pinned);
	mutex_unlock(&lock);
	if (!error)
		return 0;
failed:
	unpin(pinned);
	return error;
}

static long release(unsigned long id)
{
	struct pinned *pinned, *next;
	bool found = id == 0;

	mutex_lock(&lock);
	list_for_each_entry_safe(pinned, next, &all_pinned, list)
	{
		if (id != 0 && pinned->id != id)
			continue;
		found = true;
		list_del(&pinned->list);
		unpin(pinned);
	}
	mutex_unlock(&lock);
	return found ? 0 : -ENOENT;
}

static long hpage_pin_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case HPAGE_PIN:
		return pin_buffer((struct hpage_pin __user *)argument);
	case HPAGE_UNPIN:
		return release(argument);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations hpage_pin_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = hpage_pin_ioctl,
};

static struct miscdevice hpage_pin_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hpage_pin",
	.fops = &hpage_pin_operations,
	.mode = 0600,
};

module_misc_device(hpage_pin_device);

MODULE_DESCRIPTION("Buffers of programs, pinned until they are released");
MODULE_LICENSE("GPL");
