// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that has huge pages of its own and maps them to programs: /dev/hpage_map.
 *
 * It takes its pages from the pool when it is loaded and gives them back when it is unloaded, as
 * one does that needs a large buffer for its device. Meanwhile they are the pages of a file on a
 * hugetlbfs that is mounted nowhere, because modules cannot get at the pool in another way. A
 * mapping of the device is a mapping of that file: it is hugetlbfs that finds the page of a fault.
 */

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>

static unsigned int pages = 1;
module_param(pages, uint, 0444);
MODULE_PARM_DESC(pages, "huge pages of the default size that are taken from the pool");

static struct vfsmount *own_mount;
static struct file *own_pages;

/* In base pages, as offsets of mappings are. */
static unsigned long own_length(void)
{
	return i_size_read(file_inode(own_pages)) >> PAGE_SHIFT;
}

static int hpage_map_open(struct inode *inode, struct file *file)
{
	/* The kernel counts writable mappings in this place before it calls mmap, and after. */
	file->f_mapping = own_pages->f_mapping;
	return 0;
}

static int hpage_map_mmap(struct file *file, struct vm_area_struct *vma)
{
	const unsigned long length = vma_pages(vma);

	/* Of its own files the kernel rounds the length up. It does not know that this is one. */
	if (!IS_ALIGNED(length << PAGE_SHIFT, huge_page_size(hstate_file(own_pages))))
		return -EINVAL;
	/* hugetlbfs would make the file longer, with pages that are not the driver's. */
	if (vma->vm_pgoff > own_length() || length > own_length() - vma->vm_pgoff)
		return -EINVAL;
	vma_set_file(vma, own_pages);
	return call_mmap(own_pages, vma);
}

static unsigned long hpage_map_get_unmapped_area(struct file *file, unsigned long address,
						 unsigned long length, unsigned long offset,
						 unsigned long flags)
{
	/* The address has to be aligned to the page size, which hugetlbfs does. */
	return own_pages->f_op->get_unmapped_area(own_pages, address, length, offset, flags);
}

static const struct file_operations hpage_map_operations = {
	.owner = THIS_MODULE,
	.open = hpage_map_open,
	.mmap = hpage_map_mmap,
	.get_unmapped_area = hpage_map_get_unmapped_area,
};

static struct miscdevice hpage_map_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hpage_map",
	.fops = &hpage_map_operations,
	.mode = 0600,
};

static int mount_own(void)
{
	struct file_system_type *type = get_fs_type("hugetlbfs");

	if (!type)
		return -ENODEV;
	own_mount = kern_mount(type);
	module_put(type->owner);
	return PTR_ERR_OR_ZERO(own_mount);
}

static int take_pages(void)
{
	loff_t bytes;

	own_pages = file_open_root_mnt(own_mount, "pages", O_RDWR | O_CREAT | O_LARGEFILE, 0600);
	if (IS_ERR(own_pages))
		return PTR_ERR(own_pages);
	bytes = (loff_t)pages * huge_page_size(hstate_file(own_pages));
	return vfs_fallocate(own_pages, 0, 0, bytes);
}

/* What a program still has mapped stays until it unmaps it: the mapping has the file, too. */
static void give_back(void)
{
	if (!IS_ERR(own_pages))
		fput(own_pages);
	kern_unmount(own_mount);
}

static int __init hpage_map_init(void)
{
	int error = mount_own();

	if (error)
		return error;
	error = take_pages();
	if (!error)
		error = misc_register(&hpage_map_device);
	if (error)
		give_back();
	return error;
}

static void __exit hpage_map_exit(void)
{
	misc_deregister(&hpage_map_device);
	give_back();
}

module_init(hpage_map_init);
module_exit(hpage_map_exit);

MODULE_DESCRIPTION("Huge pages of a driver, mapped to programs");
MODULE_LICENSE("GPL");
