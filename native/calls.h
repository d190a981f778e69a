#pragma once

#include <napi.h>

namespace hugepool {

// flock(fd: number, operation: number): void
void Flock(const Napi::CallbackInfo& info);

// seek(fd: number, offset: number, whence: number): number
// It returns the offset that lseek(2) returns.
Napi::Value Seek(const Napi::CallbackInfo& info);

// linkDescriptor(fd: number, path: string): void
// It gives a file that was opened with O_TMPFILE a name.
void LinkDescriptor(const Napi::CallbackInfo& info);

// setTimes(fd: number, access: bigint, change: bigint): void
// The times are in nanoseconds, of which the calls of Node keep too few.
void SetTimes(const Napi::CallbackInfo& info);

// setLease(fd: number, kind: number): void
// getLease(fd: number): number
void SetLease(const Napi::CallbackInfo& info);
Napi::Value GetLease(const Napi::CallbackInfo& info);

// rename(directory: number, from: string, to: string): void
// It renames a file within a directory, and replaces none.
void Rename(const Napi::CallbackInfo& info);

// endWithParent(): void
// It has the kernel kill this process when the thread that started it ends.
void EndWithParent(const Napi::CallbackInfo& info);

// groupsOf(name: string, group: number): number[]
// It returns the groups that initgroups(3) would set for a user.
Napi::Value GroupsOf(const Napi::CallbackInfo& info);

// actAs(user: number, group: number, groups: number[]): () => void
// All threads of this process act as another user, until the function is called.
Napi::Value ActAs(const Napi::CallbackInfo& info);

// setMempolicy(mode: number, nodes: number[]): void
// It sets the policy of the calling thread.
void SetMempolicy(const Napi::CallbackInfo& info);

// getMempolicy(): { mode: number, nodes: number[] }
// It returns the policy of the calling thread.
Napi::Value GetMempolicy(const Napi::CallbackInfo& info);

// fsopen(type: string): number
// It returns a context for a new file system, from which errors can be read.
Napi::Value Fsopen(const Napi::CallbackInfo& info);

// fsconfig(context: number, command: number, key?: string, value?: string): void
void Fsconfig(const Napi::CallbackInfo& info);

// fsmount(context: number, attributes: number): number
// It returns the descriptor of a mount that is attached nowhere.
Napi::Value Fsmount(const Napi::CallbackInfo& info);

// moveMount(mount: number, target: string): void
// It attaches a mount that fsmount made.
void MoveMount(const Napi::CallbackInfo& info);

// mount(source: string, target: string, type: string, flags: number, data: string): void
void Mount(const Napi::CallbackInfo& info);

// umount(target: string, flags: number): void
void Umount(const Napi::CallbackInfo& info);

// map(request: MapRequest): Promise<Mapping>
Napi::Value Map(const Napi::CallbackInfo& info);

// attachSegment(request: SegmentRequest): Promise<Mapping>
Napi::Value AttachSegment(const Napi::CallbackInfo& info);

// memfd(name: string, pageSize: number): number
// It returns a descriptor.
Napi::Value Memfd(const Napi::CallbackInfo& info);

// canPopulate(): boolean
// It tells whether the kernel has MADV_POPULATE_WRITE.
Napi::Value CanPopulate(const Napi::CallbackInfo& info);

// ipcFile(space: string, path: string): string
// It reads a file as a process of the IPC namespace sees it; an empty `space` is that of the
// caller.
Napi::Value IpcFile(const Napi::CallbackInfo& info);

// atSegment(space: string, id: number, look: (address: bigint) => void): void
// It attaches a SysV segment for reading, calls `look`, and detaches it.
Napi::Value AtSegment(const Napi::CallbackInfo& info);

// removeSegment(id: number): void
// The segment goes at once, or when the last process detaches it.
void RemoveSegment(const Napi::CallbackInfo& info);

// eachMountNamespace(visit: (space: number) => void): void
// It calls `visit` with a descriptor of every mount namespace but that of the caller, and closes
// it.
void EachMountNamespace(const Napi::CallbackInfo& info);

// lookIntoMounts(space: string): { table: Buffer, root: number }
// It returns the mountinfo of a mount namespace and a descriptor of its root.
Napi::Value LookIntoMounts(const Napi::CallbackInfo& info);

// kcmp(one: number, other: number, type: number): number
// It returns 0 where two tasks have the same table of this type.
Napi::Value Kcmp(const Napi::CallbackInfo& info);

// statAsKnown(path: string): { dev, ino, mode, uid, size, blocks, blksize }, all bigint
// It asks no server for what may have changed.
Napi::Value StatAsKnown(const Napi::CallbackInfo& info);

}  // namespace hugepool
