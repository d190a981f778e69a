#pragma once

#include <napi.h>

#include <memory>

#include "async-work.h"
#include "forked-writer.h"
#include "page-visitor.h"
#include "visit-kinds.h"

namespace hugepool {

// Implements the Mapping of src/kernel/native/native-mapping.ts.
class Mapping : public Napi::ObjectWrap<Mapping> {
 public:
  // Registers the class in this environment. JavaScript does not see it.
  static void Init(Napi::Env env);
  // Resolves with a mapping of this memory.
  static Settle Of(NewMemory made);

  explicit Mapping(const Napi::CallbackInfo& info);
  ~Mapping() override;

 private:
  Napi::Value Address(const Napi::CallbackInfo& info);
  Napi::Value Pages(const Napi::CallbackInfo& info);
  Napi::Value Touch(const Napi::CallbackInfo& info);
  Napi::Value Touched(const Napi::CallbackInfo& info);
  void Stop(const Napi::CallbackInfo& info);
  Napi::Value Write(const Napi::CallbackInfo& info);
  Napi::Value Verify(const Napi::CallbackInfo& info);
  void Store(const Napi::CallbackInfo& info);
  Napi::Value Nodes(const Napi::CallbackInfo& info);
  Napi::Value Fork(const Napi::CallbackInfo& info);
  void EndFork(const Napi::CallbackInfo& info);
  Napi::Value Unmap(const Napi::CallbackInfo& info);

  // Returns whether pages can be visited now; throws where they cannot.
  bool Idle(Napi::Env env, const char* call) const;
  Napi::Value Start(Napi::Env env, VisitRequest request, Visit visit,
                    std::shared_ptr<Difference> difference = nullptr);

  std::shared_ptr<MappedMemory> memory_;
  std::shared_ptr<PageVisitor> visitor_;
  std::shared_ptr<ForkedWriter> forked_;
  bool unmapped_ = false;
};

}  // namespace hugepool
