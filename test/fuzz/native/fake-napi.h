#pragma once

#include <fuzzer/FuzzedDataProvider.h>
#include <napi.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

// Values of JavaScript without an engine, which are made of the bytes of the fuzzer.
namespace fake {

struct Value {
  napi_valuetype type = napi_undefined;
  bool array = false;
  bool throws = false;   // a getter that throws
  bool foreign = false;  // an exception of a getter or a callback
  double number = 0;     // also the length of an array
  std::string text;      // also the message of an error
  bool negative = false;
  std::vector<std::uint64_t> words;
  std::map<std::string, Value*> fields;
  napi_callback call = nullptr;
  void* data = nullptr;
};

// What one input has: its bytes, its values, and the exception that is pending.
struct World {
  FuzzedDataProvider bytes;
  std::deque<Value> values;
  std::vector<Value*> made;  // those that the bytes stand for
  Value* exception = nullptr;
  Value* foreign = nullptr;  // the first exception that is not of the addon
  int references = 0;
  int failures = 0;   // system calls that failed
  std::string trace;  // what the system calls were given
  std::vector<std::pair<napi_finalize, void*>> finalizers;

  World(const std::uint8_t* data, std::size_t size) : bytes(data, size) {}
};

extern World* world;

napi_env Env();
Value* New(napi_valuetype type);
Value* Number(double number);
Value* Text(std::string text);
Value* Array(double length);
// What the next bytes stand for.
Value* Make();
inline napi_value Handle(Value* value) { return reinterpret_cast<napi_value>(value); }
inline Value* Of(napi_value value) { return reinterpret_cast<Value*>(value); }
// The field of an object, which is made when it is asked for first.
Value* Field(Value* object, const std::string& name);
// Leaves an exception that is not the addon's.
napi_status ThrowForeign();
Value* CallBack(Value* function, std::vector<Value*> arguments);

struct Arguments {
  std::vector<Value*> values;
  void* data = nullptr;
};

// Ends the process, which libFuzzer takes for a finding.
void Expect(bool holds, const char* what);

}  // namespace fake
