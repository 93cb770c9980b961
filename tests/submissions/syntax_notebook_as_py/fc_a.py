{
 "cells": [
  {
   "cell_type": "code",
   "metadata": {},
   "source": [
    "# part: fc_a\n",
    "import keras"
   ],
   "execution_count": null,
   "outputs": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Python 3",
   "language": "python",
   "name": "python3"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
