#!/bin/sh
# The merge against an exact solver, 10,000 small objects without and with limits on who comes together
# (tests/vectors/check_solver.py; the tests ask for fewer).
SOLVER_OBJECTS=${SOLVER_OBJECTS:-10000} exec tests/vectors/check_solver.py
