#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <string>

#include "../../../native/calls.h"
#include "../../../native/request-arguments.h"
#include "fake-napi.h"

// Gives the readers of arguments what the bytes say. Each either makes a request that is within the
// bounds of its header, or leaves an exception that the addon or a getter has thrown.
namespace {

using fake::Expect;
using fake::world;

// Whether an exception is pending, which has to be the one of a getter where there is one.
bool Refused(const std::string& call) {
  if (world->exception == nullptr) {
    Expect(world->foreign == nullptr, "an exception of a getter is kept");
    return false;
  }
  if (world->foreign != nullptr) {
    Expect(world->exception == world->foreign, "an exception of a getter is the one that is told");
    return true;
  }
  const fake::Value& error = *world->exception;
  const bool wrong = error.text.rfind("TypeError: " + call + ": ", 0) == 0;
  const bool failed = error.fields.count("errno") == 1 && world->failures > 0;
  const std::string what = "an exception names the call or a failed system call: " + error.text;
  Expect(wrong || failed, what.c_str());
  return true;
}

double NumberOf(fake::Value* object, const char* name) { return fake::Field(object, name)->number; }

void CheckPolicy(fake::Value* object, const std::optional<hugepool::Policy>& policy) {
  if (!policy) return;
  world->trace += std::to_string(policy->mode) + ' ';
  for (const auto word : policy->nodes) world->trace += std::to_string(word) + ' ';
  fake::Value* given = fake::Field(object, "policy");
  Expect(policy->mode == NumberOf(given, "mode"), "the mode is that of JavaScript");
  const fake::Value* nodes = fake::Field(given, "nodes");
  for (int node = 0; node < hugepool::kMaxNodes; node++) {
    const bool set = policy->nodes[node / hugepool::kWordBits] >> node % hugepool::kWordBits & 1;
    const auto is = [&](const auto& field) { return field.second->number == node; };
    Expect(set == std::any_of(nodes->fields.begin(), nodes->fields.end(), is),
           "the nodes are those of JavaScript");
  }
}

void Map(bool segment) {
  fake::Value* given = fake::Make();
  const Napi::Value value(fake::Env(), fake::Handle(given));
  const auto request = segment ? hugepool::ToSegmentRequest(value) : hugepool::ToMapRequest(value);
  Expect(request.has_value() != Refused(segment ? "attachSegment" : "map"),
         "there is either a request or an exception");
  if (!request) return;
  const auto& memory = request->memory;
  const auto power = memory.page_size & (memory.page_size - 1);
  Expect(memory.page_size >= 4096 && power == 0, "the page size is a power of two from 4096 on");
  Expect(memory.bytes > 0 && memory.bytes % memory.page_size == 0, "the bytes are whole pages");
  Expect(static_cast<double>(memory.bytes) == NumberOf(given, "bytes"), "the bytes are as given");
  Expect(static_cast<double>(memory.page_size) == NumberOf(given, "pageSize"),
         "the page size is as given");
  Expect(memory.offset % memory.page_size == 0, "the offset is whole pages");
  if (!segment) {
    Expect(static_cast<double>(memory.offset) == NumberOf(given, "offset"),
           "the offset is as given");
    const bool none = fake::Field(given, "descriptor")->type == napi_undefined;
    Expect(memory.descriptor == (none ? -1 : NumberOf(given, "descriptor")) &&
               (none || memory.descriptor >= 0),
           "the descriptor is as given");
    Expect(memory.shared == (NumberOf(given, "shared") != 0), "shared is as given");
    Expect(memory.populate == (NumberOf(given, "populate") != 0), "populate is as given");
  }
  Expect(memory.noreserve == (NumberOf(given, "noreserve") != 0), "noreserve is as given");
  Expect(memory.forks == (NumberOf(given, "forks") != 0), "forks is as given");
  CheckPolicy(given, request->policy);
}

void CheckVisit(const hugepool::VisitRequest& visit, std::size_t pages, double from, double to,
                double threads) {
  Expect(visit.from <= visit.to && visit.to <= pages, "the pages are those of the mapping");
  Expect(static_cast<double>(visit.from) == from && static_cast<double>(visit.to) == to,
         "the pages are as given");
  Expect(static_cast<double>(visit.threads) ==
             std::min(threads, static_cast<double>(visit.to - visit.from)),
         "the threads are as given, and no more than pages");
  Expect(visit.threads <= 8192, "the threads are at most 8192");
  Expect(visit.patience.count() > 0 && visit.patience.count() <= 366.0 * 86400,
         "the patience is at most a year");
}

void Visit(std::size_t pages) {
  fake::Arguments given{{fake::Make(), fake::Make(), fake::Make()}, nullptr};
  const Napi::CallbackInfo info(fake::Env(), reinterpret_cast<napi_callback_info>(&given));
  const auto visit = hugepool::ToVisitRequest("write", info, pages);
  Expect(visit.has_value() != Refused("write"), "there is either a request or an exception");
  if (!visit) return;
  fake::Value* limits = given.values[2];
  CheckVisit(*visit, pages, given.values[0]->number, given.values[1]->number,
             limits->type == napi_undefined ? 1 : NumberOf(limits, "threads"));
}

void Touch(std::size_t pages) {
  fake::Value* given = fake::Make();
  const auto touch = hugepool::ToTouchRequest(Napi::Value(fake::Env(), fake::Handle(given)), pages);
  Expect(touch.has_value() != Refused("touch"), "there is either a request or an exception");
  if (!touch) return;
  CheckVisit(touch->visit, pages, NumberOf(given, "from"), NumberOf(given, "to"),
             NumberOf(given, "threads"));
  fake::Value* cpus = fake::Field(given, "cpus");
  Expect(static_cast<double>(touch->visit.cpus.size()) == cpus->number, "all CPUs are kept");
  for (std::size_t i = 0; i < touch->visit.cpus.size(); i++) {
    const int cpu = touch->visit.cpus[i];
    Expect(cpu >= 0 && cpu < 8192, "a CPU is below 8192");
    Expect(cpu == NumberOf(cpus, std::to_string(i).c_str()), "a CPU is as given");
  }
  Expect(touch->populate == (fake::Field(given, "way")->text == "populate"), "the way is as given");
  CheckPolicy(given, touch->visit.policy);
}

void Requests() {
  const auto kind = world->bytes.ConsumeIntegralInRange(0, 3);
  if (kind < 2) return Map(kind == 1);
  const auto pages = world->bytes.ConsumeIntegralInRange<std::size_t>(0, std::size_t{1} << 52);
  return kind == 2 ? Visit(pages) : Touch(pages);
}

struct Call {
  const char* name;
  std::function<void(const Napi::CallbackInfo&)> run;
};

const Call kCalls[] = {
    {"flock", hugepool::Flock},
    {"seek", hugepool::Seek},
    {"linkDescriptor", hugepool::LinkDescriptor},
    {"setTimes", hugepool::SetTimes},
    {"setLease", hugepool::SetLease},
    {"getLease", hugepool::GetLease},
    {"rename", hugepool::Rename},
    {"groupsOf", hugepool::GroupsOf},
    {"actAs",
     [](const Napi::CallbackInfo& info) {
       fake::Value* back = fake::Of(hugepool::ActAs(info));
       if (back->call != nullptr) fake::CallBack(back, {});
     }},
    {"setMempolicy", hugepool::SetMempolicy},
    {"fsopen", hugepool::Fsopen},
    {"fsconfig", hugepool::Fsconfig},
    {"fsmount", hugepool::Fsmount},
    {"moveMount", hugepool::MoveMount},
    {"mount", hugepool::Mount},
    {"umount", hugepool::Umount},
    {"map", hugepool::Map},
    {"attachSegment", hugepool::AttachSegment},
    {"memfd", hugepool::Memfd},
    {"ipcFile", hugepool::IpcFile},
    {"atSegment", hugepool::AtSegment},
    {"removeSegment", hugepool::RemoveSegment},
    {"eachMountNamespace", hugepool::EachMountNamespace},
    {"lookIntoMounts", hugepool::LookIntoMounts},
    {"kcmp", hugepool::Kcmp},
    {"statAsKnown", hugepool::StatAsKnown},
};

void Calls() {
  const auto number = world->bytes.ConsumeIntegralInRange<std::size_t>(0, std::size(kCalls) - 1);
  const auto count = world->bytes.ConsumeIntegralInRange(0, 7);
  fake::Arguments given;
  for (int i = 0; i < count; i++) given.values.push_back(fake::Make());
  const Napi::CallbackInfo info(fake::Env(), reinterpret_cast<napi_callback_info>(&given));
  kCalls[number].run(info);
  Refused(kCalls[number].name);
}

// Leaves a byte all over the stack below. What a reader forgets to set differs between two runs.
__attribute__((noinline, no_sanitize("address"))) void Soil(int byte) {
  volatile char stack[32768];
  for (auto& place : stack) place = static_cast<char>(byte);
}

std::string Run(void (*read)(), const std::uint8_t* data, std::size_t size, int byte) {
  fake::World own(data, size);
  world = &own;
  Soil(byte);
  read();
  for (const auto& [finalize, value] : own.finalizers) finalize(fake::Env(), value, nullptr);
  Expect(own.references == 0, "no reference is left");
  world = nullptr;
  return own.trace;
}

void (*reader)() = Requests;

}  // namespace

// The environment says which readers are meant: requests, or calls as a whole.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("HUGEPOOL_FUZZ_READERS");
  if (name != nullptr && std::strcmp(name, "calls") == 0) reader = Calls;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string first = Run(reader, data, size, 0);
  Expect(first == Run(reader, data, size, 0xff), "a request is the same on another stack");
  return 0;
}
