#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "fake-napi.h"

namespace fake {

World* world = nullptr;

void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

napi_env Env() {
  static char environment;
  return reinterpret_cast<napi_env>(&environment);
}

Value* New(napi_valuetype type) {
  world->values.emplace_back();
  world->values.back().type = type;
  return &world->values.back();
}

Value* Number(double number) {
  Value* value = New(napi_number);
  value->number = number;
  return value;
}

Value* Text(std::string text) {
  Value* value = New(napi_string);
  value->text = std::move(text);
  return value;
}

Value* Array(double length) {
  Value* value = New(napi_object);
  value->array = true;
  value->number = length;
  return value;
}

namespace {

constexpr double kNumbers[] = {0,
                               -0.0,
                               -1,
                               0.5,
                               1,
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(),
                               1023,
                               1024,
                               4096,
                               8191,
                               8192,
                               2097152,
                               1073741824,
                               2147483647,
                               2147483648.0,
                               -2147483648.0,
                               4294967295.0,
                               4294967296.0,
                               4294967297.0,
                               366.0 * 86400,
                               9007199254740991.0,
                               9007199254740992.0,
                               9223372036854775808.0,
                               18446744073709551616.0,
                               1e308,
                               5e-324};

constexpr std::uint64_t kWords[] = {0, 1, ~std::uint64_t{0}, std::uint64_t{1} << 63,
                                    (std::uint64_t{1} << 63) - 1};

Value* BigInt() {
  Value* value = New(napi_bigint);
  value->negative = world->bytes.ConsumeBool();
  const int count = world->bytes.ConsumeIntegralInRange(0, 4);
  for (int i = 0; i < count; i++) {
    const bool edge = world->bytes.ConsumeBool();
    value->words.push_back(edge ? world->bytes.PickValueInArray(kWords)
                                : world->bytes.ConsumeIntegral<std::uint64_t>());
  }
  while (!value->words.empty() && value->words.back() == 0) value->words.pop_back();
  if (value->words.empty()) value->negative = false;
  return value;
}

double AnyDouble() {
  const auto bits = world->bytes.ConsumeIntegral<std::uint64_t>();
  double number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

Value* Any() {
  auto& bytes = world->bytes;
  switch (bytes.ConsumeIntegralInRange(0, 18)) {
    case 1:
      return New(napi_null);
    case 2:
    case 3: {
      Value* value = New(napi_boolean);
      value->number = bytes.ConsumeBool();
      return value;
    }
    case 4:
    case 5:
      return Number(bytes.ConsumeIntegral<std::uint8_t>());
    case 6:
      return Number(bytes.PickValueInArray(kNumbers));
    case 7:
      return Number(AnyDouble());
    case 8:
      return Text(bytes.ConsumeRandomLengthString(32));
    case 9:
      return Text(bytes.ConsumeBool() ? "populate" : "store");
    case 10:
      return Text(std::string(1 << 13, bytes.ConsumeIntegral<char>()));
    case 11:
      return New(napi_symbol);
    case 12:
      return New(napi_object);
    case 13:
      return Array(bytes.ConsumeIntegral<std::uint8_t>());
    case 14:
      return Array(4294967295.0);
    case 15:
      return New(napi_function);
    case 16:
      return BigInt();
    case 17: {
      Value* value = New(napi_undefined);
      value->throws = true;
      return value;
    }
    case 18:
      return Number(std::ldexp(1, bytes.ConsumeIntegralInRange(0, 64)));
    default:
      return New(napi_undefined);
  }
}

}  // namespace

napi_status ThrowForeign() {
  Value* error = New(napi_object);
  error->foreign = true;
  if (world->foreign == nullptr) world->foreign = error;
  world->exception = error;
  return napi_pending_exception;
}

Value* Make() {
  Value* value = Any();
  world->made.push_back(value);
  return value;
}

Value* Field(Value* object, const std::string& name) {
  Value*& field = object->fields[name];
  if (field == nullptr) field = Make();
  return field;
}

Value* CallBack(Value* function, std::vector<Value*> arguments) {
  Arguments given{std::move(arguments), function->data};
  return Of(function->call(Env(), reinterpret_cast<napi_callback_info>(&given)));
}

}  // namespace fake
