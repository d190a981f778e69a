#include <napi.h>

#include "calls.h"
#include "mapping.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("flock", Napi::Function::New<hugepool::Flock>(env, "flock"));
  exports.Set("seek", Napi::Function::New<hugepool::Seek>(env, "seek"));
  exports.Set("linkDescriptor",
              Napi::Function::New<hugepool::LinkDescriptor>(env, "linkDescriptor"));
  exports.Set("setTimes", Napi::Function::New<hugepool::SetTimes>(env, "setTimes"));
  exports.Set("setLease", Napi::Function::New<hugepool::SetLease>(env, "setLease"));
  exports.Set("getLease", Napi::Function::New<hugepool::GetLease>(env, "getLease"));
  exports.Set("rename", Napi::Function::New<hugepool::Rename>(env, "rename"));
  exports.Set("endWithParent", Napi::Function::New<hugepool::EndWithParent>(env, "endWithParent"));
  exports.Set("groupsOf", Napi::Function::New<hugepool::GroupsOf>(env, "groupsOf"));
  exports.Set("actAs", Napi::Function::New<hugepool::ActAs>(env, "actAs"));
  exports.Set("setMempolicy", Napi::Function::New<hugepool::SetMempolicy>(env, "setMempolicy"));
  exports.Set("getMempolicy", Napi::Function::New<hugepool::GetMempolicy>(env, "getMempolicy"));
  exports.Set("fsopen", Napi::Function::New<hugepool::Fsopen>(env, "fsopen"));
  exports.Set("fsconfig", Napi::Function::New<hugepool::Fsconfig>(env, "fsconfig"));
  exports.Set("fsmount", Napi::Function::New<hugepool::Fsmount>(env, "fsmount"));
  exports.Set("moveMount", Napi::Function::New<hugepool::MoveMount>(env, "moveMount"));
  exports.Set("mount", Napi::Function::New<hugepool::Mount>(env, "mount"));
  exports.Set("umount", Napi::Function::New<hugepool::Umount>(env, "umount"));
  exports.Set("map", Napi::Function::New<hugepool::Map>(env, "map"));
  exports.Set("attachSegment", Napi::Function::New<hugepool::AttachSegment>(env, "attachSegment"));
  exports.Set("memfd", Napi::Function::New<hugepool::Memfd>(env, "memfd"));
  exports.Set("canPopulate", Napi::Function::New<hugepool::CanPopulate>(env, "canPopulate"));
  exports.Set("ipcFile", Napi::Function::New<hugepool::IpcFile>(env, "ipcFile"));
  exports.Set("atSegment", Napi::Function::New<hugepool::AtSegment>(env, "atSegment"));
  exports.Set("removeSegment", Napi::Function::New<hugepool::RemoveSegment>(env, "removeSegment"));
  exports.Set("eachMountNamespace",
              Napi::Function::New<hugepool::EachMountNamespace>(env, "eachMountNamespace"));
  exports.Set("lookIntoMounts",
              Napi::Function::New<hugepool::LookIntoMounts>(env, "lookIntoMounts"));
  exports.Set("kcmp", Napi::Function::New<hugepool::Kcmp>(env, "kcmp"));
  exports.Set("statAsKnown", Napi::Function::New<hugepool::StatAsKnown>(env, "statAsKnown"));
  hugepool::Mapping::Init(env);
  return exports;
}

}  // namespace

NODE_API_MODULE(hugepool, Init)
