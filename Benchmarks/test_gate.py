#!/usr/bin/env python3
"""The gate's own judgement, without a compiler and without valgrind."""

import collections
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import gate  # noqa: E402


def case(instructions=100.0, digest="a", **calls):
    return {"unit": "row", "instructions": instructions, "digest": digest, "calls_per_1000": {kind: calls.get(kind, 0.0) for kind in gate.KINDS}}


def faults(now, then, is_same_compiler=True, hot=None, hot_share=0.5, committed_hot=None):
    committed = {"cases": {"rows": then} if then else {}, "hot": committed_hot or {}}
    shares = collections.Counter({name: hot_share for name in hot or {}})
    return gate.judge({"rows": now}, hot or {}, shares, committed, is_same_compiler)[0]


class Judgement(unittest.TestCase):
    def test_equal_figures_pass(self):
        self.assertEqual(faults(case(), case()), [])

    def test_three_per_cent_may_pass_and_four_may_not(self):
        self.assertEqual(faults(case(102.9), case()), [])
        self.assertEqual(len(faults(case(104.0), case())), 1)

    def test_faster_is_no_fault_but_a_note(self):
        committed = {"cases": {"rows": case()}, "hot": {}}
        found, notes = gate.judge({"rows": case(90.0)}, {}, collections.Counter(), committed, True)
        self.assertEqual((found, len(notes)), ([], 1))

    def test_one_more_retain_in_a_thousand_rows_fails(self):
        self.assertEqual(len(faults(case(retain=1.0), case())), 1)
        self.assertEqual(faults(case(retain=1.0), case(retain=1.0)), [])

    def test_another_answer_fails_whatever_the_compiler(self):
        for is_same_compiler in (True, False):
            self.assertEqual(len(faults(case(digest="b"), case(), is_same_compiler)), 1)

    def test_another_compiler_is_not_judged_by_counts(self):
        self.assertEqual(faults(case(200.0, retain=9.0), case(), False, hot={"f": {"retain": 3}}), [])

    def test_another_inflating_library_is_not_judged_by_counts(self):
        self.assertEqual(faults({**case(200.0), "uses": ["libz"]}, {**case(), "uses": ["libdeflate"]}), [])

    def test_unknown_and_vanished_cases_fail(self):
        self.assertEqual(len(faults(case(), None)), 1)
        self.assertEqual(len(gate.judge({}, {}, collections.Counter(), {"cases": {"rows": case()}, "hot": {}}, True)[0]), 1)

    def test_hot_functions_may_call_what_they_are_allowed(self):
        self.assertEqual(faults(case(), case(), hot={"f": {"retain": 2}}, committed_hot={"f": {"retain": 2}}), [])
        self.assertEqual(len(faults(case(), case(), hot={"f": {"retain": 3}}, committed_hot={"f": {"retain": 2}})), 1)
        self.assertEqual(len(faults(case(), case(), hot={"f": {"unspecialised": 1}}, committed_hot={"f": {}})), 1)

    def test_a_new_hot_function_is_judged_from_five_per_cent(self):
        self.assertEqual(faults(case(), case(), hot={"f": {"retain": 1}}, hot_share=0.04), [])
        self.assertEqual(len(faults(case(), case(), hot={"f": {"retain": 1}}, hot_share=0.06)), 1)


class Names(unittest.TestCase):
    def test_runtime_calls_are_told_apart(self):
        for name, kind in [
            ("swift_retain", "retain"), ("swift_bridgeObjectRelease@plt", "release"), ("swift_release_n", "release"), ("malloc", "allocate"),
            ("swift_allocObject", "allocate"), ("swift_beginAccess", "access"), ("swift_getWitnessTable", "generic"), ("$s4main1AV1PAAP1fyyFTW", "generic"),
            ("memcpy", None), ("free", None), ("$s4main1fyyF", None), ("swift_endAccess", None),
        ]:
            self.assertEqual(gate.kind_of(name), kind, name)

    def test_generic_code_is_told_from_specialised(self):
        twins = ["generic specialization <DenseLevels> of Side.process() -> ()"]
        for name, is_generic in [
            ("generic specialization <DenseLevels> of Side.process() -> ()", False), ("Side.process() -> ()", True), ("Ring.append(A) -> ()", True),
            ("Side< where A == TapeLevels>.store(upTo: Int) -> ()", False), ("Book.apply(Row) -> ()", False),
        ]:
            self.assertEqual(gate.is_unspecialised(name, twins), is_generic, name)


class Profile(unittest.TestCase):
    def test_costs_are_selfs_and_calls_are_counted_by_caller(self):
        text = "\n".join([
            "events: Ir", "ob=(1) /x/probe", "fl=(1) ???", "fn=(1) $sloop", "0 10", "+3 5", "cob=(2) /lib/libswiftCore.so", "cfn=(2) swift_retain",
            "calls=7 0", "0 70", "* 1", "ob=(2)", "fn=(2)", "0 70", "fn=(3) $sloop'2", "0 2", "",
        ])
        with tempfile.NamedTemporaryFile("w", suffix=".out") as file:
            file.write(text)
            file.flush()
            cost, calls = gate.profile(file.name)
        self.assertEqual(cost[("/x/probe", "$sloop")], 16)
        self.assertEqual(cost[("/lib/libswiftCore.so", "swift_retain")], 70)
        self.assertEqual(calls[("/x/probe", "swift_retain")], 7)


if __name__ == "__main__":
    unittest.main()
